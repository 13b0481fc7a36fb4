export { ANSWER_TYPES, isAnswerTo } from './answers.js';
export type { AnsweredFrameType, AnswerTo } from './answers.js';
export { CLIENT_FRAME_TYPES, isClientFrameType } from './client-frames.js';
export type {
  AckFrame,
  ApproveToolFrame,
  AuthenticateFrame,
  CancelRunFrame,
  ClientFrame,
  ClientFrameType,
  CreateThreadFrame,
  DeleteThreadFrame,
  GetThreadHistoryFrame,
  HeartbeatFrame,
  IfBusy,
  ListThreadsFrame,
  PingFrame,
  RenameThreadFrame,
  RunPriority,
  SubscribeFrame,
  ThreadPosition,
  UnsubscribeFrame,
  UserMessageFrame,
} from './client-frames.js';
export { CLOSE_CODES, reconnectPolicy } from './close-codes.js';
export type { CloseCode, ReconnectPolicy } from './close-codes.js';
export { ERROR_CATALOGUE, isErrorCode, isRetryable } from './error-catalogue.js';
export type { ErrorCatalogueEntry, ErrorCode } from './error-catalogue.js';
export { JSON_RPC_ERRORS, jsonRpcErrorCode } from './json-rpc.js';
export type {
  JsonRpcAnswer,
  JsonRpcErrorCode,
  JsonRpcFailure,
  JsonRpcId,
  JsonRpcRequest,
  JsonRpcResult,
} from './json-rpc.js';
export { normaliseFrame, TYPE_ALIASES } from './normalise-frame.js';
export { checkRunGrammar, RunGrammar } from './run-grammar.js';
export { AGENT_STATUSES, isTerminalRunState, RUN_STATES, TERMINAL_RUN_STATES } from './run-states.js';
export type { AgentStatus, RunState, TerminalRunState } from './run-states.js';
export { isServerFrameType, isThreadEvent } from './server-frames.js';
export type {
  AnswerFrame,
  ApprovalRecordedFrame,
  AuthenticatedFrame,
  AuthExpiringFrame,
  ConnectionLimits,
  ConnectionReadyFrame,
  ConnectionStatsFrame,
  HeartbeatAckFrame,
  ImportProgressFrame,
  MessageAcceptedFrame,
  NoticeFrame,
  PongFrame,
  RunCancellingFrame,
  ServerDrainingFrame,
  ServerFrame,
  ServerFrameType,
  ServiceDegradedFrame,
  ServiceRecoveredFrame,
  SubscribedFrame,
  SubscribedThread,
  TextDeltaFrame,
  TextSnapshotFrame,
  ThreadCreatedFrame,
  ThreadDeletedFrame,
  ThreadHistoryFrame,
  ThreadRenamedFrame,
  ThreadsFrame,
  UnsubscribedFrame,
} from './server-frames.js';
export { CRITICAL_EVENTS, EVENT_TYPES, isEventType, isRunEvent } from './thread-events.js';
export type {
  AgentCompletedEvent,
  AgentErrorEvent,
  AgentStartedEvent,
  AgentThinkingEvent,
  EventError,
  MessageCreatedEvent,
  RunCompletedEvent,
  RunEvent,
  RunResumedEvent,
  RunUsage,
  SubAgentCompletedEvent,
  ThreadEvent,
  ThreadEventType,
  ThreadUpdatedEvent,
  ToolApprovalRequestedEvent,
  ToolCompletedEvent,
  ToolExecutingEvent,
  ToolFailedEvent,
  ToolSucceededEvent,
} from './thread-events.js';
export type { WireMessage, WireThread } from './threads.js';
export type { ErrorFrame, WireError } from './wire-error.js';
export { withSeq } from './with-seq.js';
