import { setTimeout as pause } from 'node:timers/promises';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentIdentity } from '../../src/auth/current-identity.decorator.js';
import type { Identity } from '../../src/auth/identity.js';
import { EventLog } from '../../src/events/event-log.js';

/** `count` events of about `bytes` into each thread, one after the other, `everyMs` apart. */
const chatter = z.object({
  thread_ids: z.array(z.string()),
  count: z.number(),
  bytes: z.number(),
  everyMs: z.number(),
});

/** Events at a rate and of a size that the test chooses, through the real log and from there to whoever follows. */
@Controller('test/chatter')
export class ChatterController {
  constructor(private readonly log: EventLog) {}

  @Post()
  @HttpCode(204)
  async chatter(@CurrentIdentity() identity: Identity, @Body() body: unknown): Promise<void> {
    const { thread_ids: threadIds, count, bytes, everyMs } = chatter.parse(body);
    const filler = 'x'.repeat(bytes);
    for (let index = 0; index < count; index += 1) {
      await Promise.all(threadIds.map((threadId) => this.append(identity, threadId, filler)));
      if (everyMs > 0) await pause(everyMs);
    }
  }

  private append(identity: Identity, threadId: string, filler: string): Promise<number | undefined> {
    const event = { type: 'thread_updated', fields: { filler } } as const;
    return this.log.transaction((transaction) => transaction.appendThreadEvent(identity, threadId, event));
  }
}
