import type { UserScope } from '../persistence/sql.js';

export const ROLES = ['user', 'tenant_admin', 'platform_admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking: the result of every successful authentication, through whatever door. */
export interface Identity extends UserScope {
  readonly sessionId: string;
  readonly roles: readonly Role[];
  /** From then on a new token is needed. */
  readonly expiresAt: Date;
}

/** The roles among what a column holds; a role that this version doesn't know gives no rights. */
export const rolesOf = (names: readonly string[]): Role[] => ROLES.filter((role) => names.includes(role));
