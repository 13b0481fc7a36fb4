import { describe, expect, it } from '@jest/globals';
import type { FrameSink } from './frame-sink.js';
import { HeldSink } from './held-sink.js';

class Sent implements FrameSink {
  readonly frames: string[] = [];
  isOpen = true;
  bufferedBytes = 0;

  send(frame: string): void {
    this.frames.push(frame);
  }
}

describe('HeldSink', () => {
  it('lets what was held follow in order, behind the answer that was sent past it', async () => {
    const sent = new Sent();
    const sink = new HeldSink(sent);
    await sink.whileHeld(() => {
      sink.send('event 1');
      sink.send('event 2');
      sent.send('answer');
      return Promise.resolve();
    });
    sink.send('event 3');
    expect(sent.frames).toEqual(['answer', 'event 1', 'event 2', 'event 3']);
  });

  it('counts what it holds as buffered, so that a reader of the log pauses', async () => {
    const sink = new HeldSink(new Sent());
    await sink.whileHeld(() => {
      sink.send('x'.repeat(100));
      expect(sink.bufferedBytes).toBe(100);
      return Promise.resolve();
    });
    expect(sink.bufferedBytes).toBe(0);
  });

  it('lets go also when the work fails', async () => {
    const sent = new Sent();
    const sink = new HeldSink(sent);
    const work = sink.whileHeld(() => {
      sink.send('event');
      return Promise.reject(new Error('refused'));
    });
    await expect(work).rejects.toThrow('refused');
    expect(sent.frames).toEqual(['event']);
  });
});
