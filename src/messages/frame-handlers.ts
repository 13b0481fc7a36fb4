import type { ClientFrameType } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { AckHandler } from './ack.handler.js';
import { ApproveToolHandler } from './approve-tool.handler.js';
import { AuthenticateHandler } from './authenticate.handler.js';
import { CancelRunHandler } from './cancel-run.handler.js';
import { CreateThreadHandler } from './create-thread.handler.js';
import { DeleteThreadHandler } from './delete-thread.handler.js';
import type { FrameHandler } from './frame-handler.js';
import { GetThreadHistoryHandler } from './get-thread-history.handler.js';
import { HeartbeatHandler } from './heartbeat.handler.js';
import { ListThreadsHandler } from './list-threads.handler.js';
import { PingHandler } from './ping.handler.js';
import { RenameThreadHandler } from './rename-thread.handler.js';
import { SubscribeHandler } from './subscribe.handler.js';
import { UnsubscribeHandler } from './unsubscribe.handler.js';
import { UserMessageHandler } from './user-message.handler.js';

/** The handler of each client frame, by its type: a frame without one doesn't compile. */
@Injectable()
export class FrameHandlers implements Record<ClientFrameType, unknown> {
  constructor(
    readonly authenticate: AuthenticateHandler,
    readonly user_message: UserMessageHandler,
    readonly cancel_run: CancelRunHandler,
    readonly subscribe: SubscribeHandler,
    readonly unsubscribe: UnsubscribeHandler,
    readonly ack: AckHandler,
    readonly create_thread: CreateThreadHandler,
    readonly list_threads: ListThreadsHandler,
    readonly get_thread_history: GetThreadHistoryHandler,
    readonly rename_thread: RenameThreadHandler,
    readonly delete_thread: DeleteThreadHandler,
    readonly approve_tool: ApproveToolHandler,
    readonly ping: PingHandler,
    readonly heartbeat: HeartbeatHandler,
  ) {}
}

export type HandlerTable = { readonly [Type in ClientFrameType]: FrameHandler<Type> };
