import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { AckHandler } from './ack.handler.js';
import { ApproveToolHandler } from './approve-tool.handler.js';
import { AuthenticateHandler } from './authenticate.handler.js';
import { CancelRunHandler } from './cancel-run.handler.js';
import { CreateThreadHandler } from './create-thread.handler.js';
import { DeleteThreadHandler } from './delete-thread.handler.js';
import { FrameHandlers } from './frame-handlers.js';
import { GetThreadHistoryHandler } from './get-thread-history.handler.js';
import { HeartbeatHandler } from './heartbeat.handler.js';
import { ListThreadsHandler } from './list-threads.handler.js';
import { MessageRouter } from './message-router.js';
import { PingHandler } from './ping.handler.js';
import { RenameThreadHandler } from './rename-thread.handler.js';
import { SubscribeHandler } from './subscribe.handler.js';
import { UnsubscribeHandler } from './unsubscribe.handler.js';
import { UserMessageHandler } from './user-message.handler.js';

/** What clients may say: a message = 1 line in the protocol + 1 handler. */
@Module({
  imports: [AuthModule, RunsModule, ThreadsModule],
  providers: [
    MessageRouter,
    FrameHandlers,
    AuthenticateHandler,
    UserMessageHandler,
    CancelRunHandler,
    SubscribeHandler,
    UnsubscribeHandler,
    AckHandler,
    CreateThreadHandler,
    ListThreadsHandler,
    GetThreadHistoryHandler,
    RenameThreadHandler,
    DeleteThreadHandler,
    ApproveToolHandler,
    PingHandler,
    HeartbeatHandler,
  ],
  exports: [MessageRouter],
})
export class MessagesModule {}
