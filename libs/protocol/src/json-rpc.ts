import type { ErrorCode } from './error-catalogue.js';
import type { WireError } from './wire-error.js';

/** `method` is the type of a client frame; without `id` it is a notification and gets no answer. */
export interface JsonRpcRequest {
  jsonrpc: '2.0';
  method: string;
  params?: Record<string, unknown>;
  id?: JsonRpcId;
}

export type JsonRpcId = string | number | null;

export interface JsonRpcResult {
  jsonrpc: '2.0';
  id: JsonRpcId;
  result: unknown;
}

export interface JsonRpcFailure {
  jsonrpc: '2.0';
  id: JsonRpcId;
  error: { code: JsonRpcErrorCode; message: string; data: WireError };
}

export type JsonRpcAnswer = JsonRpcResult | JsonRpcFailure;

export const JSON_RPC_ERRORS = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  serverError: -32000,
} as const;

export type JsonRpcErrorCode = (typeof JSON_RPC_ERRORS)[keyof typeof JSON_RPC_ERRORS];

const CODES: Partial<Record<ErrorCode, JsonRpcErrorCode>> = {
  invalid_json: JSON_RPC_ERRORS.parseError,
  invalid_frame: JSON_RPC_ERRORS.invalidRequest,
  unknown_type: JSON_RPC_ERRORS.methodNotFound,
  validation_failed: JSON_RPC_ERRORS.invalidParams,
};

export function jsonRpcErrorCode(code: ErrorCode): JsonRpcErrorCode {
  return CODES[code] ?? JSON_RPC_ERRORS.serverError;
}
