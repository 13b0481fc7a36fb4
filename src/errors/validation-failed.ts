import { AppError } from './app-error.js';

/** One thing that is wrong with what a client sent. `path` is dotted; empty for the whole. */
export interface ValidationIssue {
  readonly path: string;
  readonly message: string;
}

/** A finding of a Standard Schema: https://standardschema.dev */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** An answer with a thousand issues helps nobody, and its size would be up to the client. */
const ISSUES_MAX = 20;
const TEXT_LENGTH_MAX = 200;

/** The findings of a schema as AppError validation_failed; its message is the first of them. */
export function validationFailed(issues: readonly SchemaIssue[]): AppError {
  const shown = issues.slice(0, ISSUES_MAX).map(({ path, message }): ValidationIssue => ({
    path: cut((path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.')),
    message: cut(message),
  }));
  const first = shown[0];
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  return new AppError('validation_failed', `${where}${first?.message ?? 'Invalid'}`, { details: { issues: shown } });
}

/** One field that a rule outside the schemas refuses. */
export const fieldRefused = (field: string, message: string): AppError =>
  validationFailed([{ path: [field], message }]);

const cut = (text: string): string =>
  text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX).toWellFormed()}…` : text;
