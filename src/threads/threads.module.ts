import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { EventStreams } from './event-streams.js';
import { MessageRate } from './message-rate.js';
import { MessagesController } from './messages.controller.js';
import { ThreadChanges } from './thread-changes.js';
import { ThreadEventsController } from './thread-events.controller.js';
import { ThreadQueries } from './thread-queries.js';
import { ThreadsController } from './threads.controller.js';

/** Threads and their messages, and their log over HTTP. */
@Module({
  imports: [AuthModule, RunsModule],
  controllers: [ThreadsController, MessagesController, ThreadEventsController],
  providers: [ThreadQueries, ThreadChanges, MessageRate, EventStreams],
  exports: [ThreadQueries, ThreadChanges, MessageRate],
})
export class ThreadsModule {}
