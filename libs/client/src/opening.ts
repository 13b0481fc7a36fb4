import type { ConnectionReadyFrame } from '@goldenpath/protocol';
import type { GoldenpathError } from './goldenpath-error.js';

interface Waiting {
  resolve(frame: ConnectionReadyFrame): void;
  reject(error: GoldenpathError): void;
}

/** The connection_ready of the connection there is, or of the next one. */
export class Opening {
  private ready: ConnectionReadyFrame | undefined;
  private waiting: Waiting[] = [];

  wait(): Promise<ConnectionReadyFrame> {
    if (this.ready !== undefined) return Promise.resolve(this.ready);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
  }

  resolve(frame: ConnectionReadyFrame): void {
    this.ready = frame;
    for (const waiting of this.waiting.splice(0)) waiting.resolve(frame);
  }

  lost(): void {
    this.ready = undefined;
  }

  reject(error: GoldenpathError): void {
    this.ready = undefined;
    for (const waiting of this.waiting.splice(0)) waiting.reject(error);
  }
}
