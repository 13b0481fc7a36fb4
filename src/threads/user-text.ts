import { z } from 'zod';

/** PostgreSQL text holds no NUL, and half a surrogate pair comes back as another character. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Text of a user with 1 to `maxCharacters` characters (code points, not UTF-16 units). */
export const userText = (maxCharacters: number) =>
  z
    .string()
    .min(1)
    .refine((text) => text.length <= maxCharacters || Array.from(text).length <= maxCharacters, {
      error: `Too long: at most ${maxCharacters} characters`,
    })
    .refine((text) => !UNSTORABLE.test(text), { error: 'Must not contain U+0000 or an unpaired surrogate' });
