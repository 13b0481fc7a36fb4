import type { LanguageModelV3 } from '@ai-sdk/provider';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { ModelAvailability, type AdmittedCall } from './model-availability.js';
import { ConfiguredModel } from './model-provider.js';
import { pause } from './pause.js';
import { ProviderFailure, providerFailure } from './provider-failure.js';

/** The least that OpenAI's newer interface takes. */
const OUTPUT_TOKENS = 16;
const ANSWER_MAX_MS = 10_000;

/**
 * Finds out that a provider which was away is back, so that users need not send a message to be told. Asks for a few
 * tokens, with the pauses of ModelAvailability: only a real answer proves that there will be others.
 */
@Injectable()
export class ModelProbe implements OnModuleInit, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly configured: ConfiguredModel,
    private readonly availability: ModelAvailability,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const { model } = this.configured;
    if (model !== undefined) this.stopListening = this.availability.onAway(() => void this.untilBack(model));
  }

  onApplicationShutdown(): void {
    this.stopListening();
    this.stopping.abort();
  }

  private async untilBack(model: LanguageModelV3): Promise<void> {
    let restMs = this.restMs();
    while (restMs !== undefined) {
      await pause(restMs, this.stopping.signal).catch(() => undefined);
      const call = this.restMs() === undefined ? undefined : this.availability.admit();
      if (call !== undefined) await this.tryOnce(model, call);
      restMs = this.restMs();
    }
  }

  /** Undefined when there is nothing to wait for any more. */
  private restMs(): number | undefined {
    return this.stopping.signal.aborted ? undefined : this.availability.restLeftMs;
  }

  private async tryOnce(model: LanguageModelV3, call: AdmittedCall): Promise<void> {
    try {
      await answerOf(model, AbortSignal.any([this.stopping.signal, AbortSignal.timeout(ANSWER_MAX_MS)]));
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const failure = timedOut(error) ? new ProviderFailure('timeout') : providerFailure(error, this.clock.now());
      this.logger.debug('model_still_away', { kind: failure.kind, status: failure.status });
      // A provider that refuses, or answers badly, this one request is there.
      if (failure.isProviderWide) {
        call.failed(failure);
        return;
      }
    }
    call.answered();
  }
}

async function answerOf(model: LanguageModelV3, abortSignal: AbortSignal): Promise<void> {
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Answer with OK.' }] }],
    maxOutputTokens: OUTPUT_TOKENS,
    abortSignal,
  });
  for await (const part of stream) if (part.type === 'error') throw part.error;
}

const timedOut = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';
