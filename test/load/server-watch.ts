import { setTimeout as pause } from 'node:timers/promises';
import type { ServerProcess } from './server-process.js';

const POLL_MS = 200;

/** The most resident memory that a server had while it was watched, and how long it let others wait. */
export class ServerWatch {
  private peakBytes = 0;
  private readonly answeredMs: number[] = [];
  private stopped = false;
  private readonly watching: Promise<unknown>;

  constructor(private readonly server: ServerProcess) {
    this.watching = Promise.all([this.watchMemory(), this.watchAnswers()]);
  }

  async stop(): Promise<{ peakBytes: number; answeredMs: number[] }> {
    this.stopped = true;
    await this.watching;
    return { peakBytes: this.peakBytes, answeredMs: this.answeredMs.sort((a, b) => a - b) };
  }

  private async watchMemory(): Promise<void> {
    while (!this.stopped) {
      this.peakBytes = Math.max(this.peakBytes, (await this.server.report()).rssBytes);
      await pause(POLL_MS);
    }
  }

  private async watchAnswers(): Promise<void> {
    while (!this.stopped) {
      const asked = performance.now();
      await (await fetch(`${this.server.url}/health/live`)).text();
      this.answeredMs.push(performance.now() - asked);
      await pause(POLL_MS / 4);
    }
  }
}
