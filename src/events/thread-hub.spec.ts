import { describe, expect, it } from '@jest/globals';
import { ThreadHub, type ThreadBatch, type ThreadHead, type ThreadListener } from './thread-hub.js';

class Heard implements ThreadListener {
  readonly batches: ThreadBatch[] = [];
  readonly heads: ThreadHead[] = [];

  onEvents(batch: ThreadBatch): void {
    this.batches.push(batch);
  }

  onHead(head: ThreadHead): void {
    this.heads.push(head);
  }

  onNotice(): void {
    throw new Error('no notice is sent here');
  }
}

const batch = (...seqs: number[]): ThreadBatch => ({
  threadId: 't',
  userId: 'u',
  events: seqs.map((seq) => ({ seq, text: '{}' })),
});

describe('ThreadHub', () => {
  it('hands a batch once to who follows both the user and the thread', () => {
    const hub = new ThreadHub();
    const heard = new Heard();
    hub.followThread('t', heard);
    hub.followUser('u', heard);
    hub.publish(batch(1));
    expect(heard.batches).toEqual([batch(1)]);
  });

  it('says from where to read when a later commit is handed out before an earlier one', () => {
    const hub = new ThreadHub();
    hub.publish(batch(1, 2, 3));
    // Follows from now on: it must see 4 although 5 is announced first.
    const heard = new Heard();
    hub.followUser('u', heard);
    hub.publish(batch(5, 6));
    hub.publish(batch(4));
    expect(heard.heads).toEqual([{ threadId: 't', userId: 'u', firstSeq: 4, lastSeq: 6 }]);
    expect(heard.batches).toEqual([batch(4)]);
  });

  it('does the same for what another process announces', () => {
    const hub = new ThreadHub();
    hub.publish(batch(1, 2, 3));
    const heard = new Heard();
    hub.followUser('u', heard);
    hub.announceHead({ threadId: 't', userId: 'u', firstSeq: 6, lastSeq: 7 });
    expect(heard.heads).toEqual([{ threadId: 't', userId: 'u', firstSeq: 4, lastSeq: 7 }]);
  });

  it('keeps no registration of who has left', () => {
    const hub = new ThreadHub();
    const leave = hub.followThread('t', new Heard());
    expect(hub.size).toBe(1);
    leave();
    leave();
    expect(hub.size).toBe(0);
  });
});
