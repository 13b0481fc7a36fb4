import { z } from 'zod';

const LENGTH_MAX = 254;

/** An e-mail address as it is stored and compared: without blanks around it, in lower case. */
export const emailAddress = z.string().trim().toLowerCase().max(LENGTH_MAX).pipe(z.email('must be an e-mail address'));

/** For addresses that were checked elsewhere. */
export const normalisedEmail = (email: string): string => email.trim().toLowerCase();
