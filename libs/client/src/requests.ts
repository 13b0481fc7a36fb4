import type { AnsweredFrameType, AnswerTo, ClientFrame, ServerFrame } from '@goldenpath/protocol';
import { isAnswerTo } from '@goldenpath/protocol';
import { GoldenpathError } from './goldenpath-error.js';
import type { Settings } from './options.js';

/** The fields of a client frame of type T, without `id`, which is made here. */
export type RequestFields<T extends AnsweredFrameType> = Omit<Extract<ClientFrame, { type: T }>, 'type' | 'id'>;

export interface Exchange<T extends AnsweredFrameType, R> {
  /** Called with the answer before the next frame is looked at, which code behind a promise can't be. */
  onAnswer: (answer: AnswerTo<T>) => R;
  /** Sending it twice does no more than sending it once: it outlives a connection. */
  repeatable: boolean;
  /** Goes out however many wait: those that wait can't be answered before it. */
  goesFirst?: boolean;
}

interface Pending {
  readonly text: string;
  readonly repeatable: boolean;
  sent: boolean;
  /** It was sent on a connection that is no more: the server may have done what it asks for. */
  mayBeDone: boolean;
  settle(frame: ServerFrame): void;
  reject(error: GoldenpathError): void;
}

/** Requests and their answers, matched by `id` and `in_reply_to`, over as many connections as it takes. */
export class Requests {
  /** The server's limit, once known. */
  private maxFrameBytes = Infinity;
  private readonly pending = new Map<string, Pending>();
  private readonly encoder = new TextEncoder();
  private lastId = 0;
  /** Undefined while there is no connection to send on. */
  private transmit: ((text: string) => void) | undefined;

  constructor(private readonly settings: Settings) {}

  /** Resolves with what `onAnswer` makes of the answer; rejects with a GoldenpathError. */
  async send<T extends AnsweredFrameType, R>(type: T, fields: RequestFields<T>, exchange: Exchange<T, R>): Promise<R> {
    this.lastId += 1;
    const id = `r${this.lastId}`;
    const text = JSON.stringify({ type, ...fields, id });
    if (exchange.goesFirst !== true) this.refuseExcess();
    this.refuseTooLarge(text);
    return new Promise((resolve, reject) => {
      const { clock, requestTimeoutMs } = this.settings;
      const over = (): void => {
        this.pending.delete(id);
        cancelTimer();
      };
      const fail = (error: GoldenpathError): void => {
        over();
        reject(error);
      };
      const cancelTimer = clock.after(requestTimeoutMs, () => fail(timedOut(type, requestTimeoutMs)));
      const settle = (frame: ServerFrame): void => {
        const answer = request.mayBeDone ? answerToRepeat({ type, ...fields }, frame) : frame;
        if (answer.type === 'error') {
          fail(GoldenpathError.fromWire(answer));
        } else if (!isAnswerTo(type, answer)) {
          fail(new GoldenpathError('invalid_server_frame', `The server answered ${type} with ${answer.type}`));
        } else {
          over();
          try {
            resolve(exchange.onAnswer(answer));
          } catch (error) {
            reject(GoldenpathError.from(error));
          }
        }
      };
      const { repeatable } = exchange;
      const request: Pending = { text, repeatable, sent: false, mayBeDone: false, settle, reject: fail };
      this.pending.set(id, request);
      this.sendNow(request);
    });
  }

  /** Takes a frame that answers a request of ours. */
  receive(frame: ServerFrame): void {
    if ('in_reply_to' in frame && frame.in_reply_to !== undefined) this.pending.get(frame.in_reply_to)?.settle(frame);
  }

  /** New requests go out from now on; those that wait go with `flush`. */
  connected(transmit: (text: string) => void, maxFrameBytes: number): void {
    this.transmit = transmit;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Sends what waits, in the order it came. */
  flush(): void {
    for (const request of this.pending.values()) if (!request.sent) this.sendNow(request);
  }

  /** What was sent and can't be sent again fails; the rest waits for the next connection. */
  disconnected(error: GoldenpathError): void {
    this.transmit = undefined;
    for (const request of [...this.pending.values()]) {
      if (request.sent && !request.repeatable) request.reject(error);
      request.mayBeDone ||= request.sent;
      request.sent = false;
    }
  }

  failAll(error: GoldenpathError): void {
    this.transmit = undefined;
    for (const request of [...this.pending.values()]) request.reject(error);
  }

  private sendNow(request: Pending): void {
    if (this.transmit === undefined) return;
    request.sent = true;
    this.transmit(request.text);
  }

  private refuseExcess(): void {
    if (this.pending.size >= this.settings.maxPendingRequests) {
      const message = `${this.pending.size} requests wait for an answer already`;
      throw new GoldenpathError('queue_overflow', message, { retryable: true });
    }
  }

  private refuseTooLarge(text: string): void {
    const sizeBytes = this.encoder.encode(text).length;
    if (sizeBytes > this.maxFrameBytes) {
      throw new GoldenpathError('message_too_large', `${sizeBytes} bytes; at most ${this.maxFrameBytes} are taken`);
    }
  }
}

/** A cancellation that is sent again and finds its run cancelled did what it was to do: only its answer was lost. */
function answerToRepeat(asked: { type: string; run_id?: unknown }, answer: ServerFrame): ServerFrame {
  const { type, run_id } = asked;
  if (type !== 'cancel_run' || typeof run_id !== 'string') return answer;
  if (answer.type !== 'error' || answer.code !== 'invalid_state') return answer;
  return answer.details?.['state'] === 'cancelled' ? { type: 'run_cancelling', run_id } : answer;
}

function timedOut(type: string, timeoutMs: number): GoldenpathError {
  return new GoldenpathError('request_timeout', `No answer to ${type} in ${timeoutMs} ms`, { retryable: true });
}
