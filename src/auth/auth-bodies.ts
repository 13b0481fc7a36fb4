import { z } from 'zod';
import { emailAddress } from './email-address.js';

const SECRET_LENGTH_MAX = 1024;
const NAME_LENGTH_MAX = 200;
const PAGE_MAX = 100;
const PAGE_DEFAULT = 50;

/** Its quality is judged by the password policy; here only that it can be hashed in reasonable time. */
const password = z.string().min(1).max(SECRET_LENGTH_MAX).meta({ format: 'password' });
/** PostgreSQL's text can't hold U+0000. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(NAME_LENGTH_MAX)
  .regex(/^\P{Cc}*$/u, 'must not have control characters');

export const registerBody = z.object({ email: emailAddress, password, name: name.optional() });
export const loginBody = z.object({ email: emailAddress, password });
export const refreshBody = z.object({ refresh_token: z.string().min(1).max(SECRET_LENGTH_MAX) });
export const passwordBody = z.object({ current_password: password, new_password: password });

export const sessionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  cursor: z.uuid().optional(),
});

export type RegisterBody = z.output<typeof registerBody>;
export type LoginBody = z.output<typeof loginBody>;
export type RefreshBody = z.output<typeof refreshBody>;
export type PasswordBody = z.output<typeof passwordBody>;
export type SessionsQuery = z.output<typeof sessionsQuery>;
