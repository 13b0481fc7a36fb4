import { describe, expect, it } from '@jest/globals';
import { FrameQueue, type ReceivedFrame } from './frame-queue.js';

class Flow {
  readonly calls: string[] = [];
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
}

const frame = (text: string): ReceivedFrame => ({ text, bytes: text.length });

describe('a frame queue', () => {
  it('keeps frames until it is started, then handles them one at a time in order', async () => {
    const log: string[] = [];
    const queue = new FrameQueue(async ({ text }) => {
      log.push(`begin ${text}`);
      await Promise.resolve();
      log.push(`end ${text}`);
    }, new Flow());
    queue.push(frame('a'));
    queue.push(frame('bc'));
    expect([queue.size, queue.bytes, log.length]).toEqual([2, 3, 0]);
    queue.start();
    queue.push(frame('d'));
    await queue.idle;
    expect(log).toEqual(['begin a', 'end a', 'begin bc', 'end bc', 'begin d', 'end d']);
    expect([queue.size, queue.bytes]).toEqual([0, 0]);
  });

  it('stops the reading of the socket while many frames wait', async () => {
    const flow = new Flow();
    const queue = new FrameQueue(() => Promise.resolve(), flow);
    queue.start();
    for (let count = 0; count < 100; count += 1) queue.push(frame('x'));
    expect(flow.calls).toEqual(['pause']);
    await queue.idle;
    expect(flow.calls).toEqual(['pause', 'resume']);
    expect(queue.isPaused).toBe(false);
  });

  it('forgets what waits when it is closed', async () => {
    const handled: ReceivedFrame[] = [];
    const queue = new FrameQueue((item) => Promise.resolve(void handled.push(item)), new Flow());
    queue.push(frame('a'));
    queue.close();
    await queue.idle;
    expect(handled).toEqual([]);
  });
});
