/** Keys of PostgreSQL's advisory locks: our own class, so that nobody else's numbers collide with them. */
export const ADVISORY_LOCK_CLASS = 0x676f6c64;

export const ADVISORY_LOCKS = {
  /** Held, for its life, by the one server of an embedded database. */
  owner: 1,
  /** Held while migrations run. */
  migrations: 2,
} as const;
