import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Gate } from './gate.js';
import { newSecret } from './secrets.js';

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing runs on the four threads of libuv, which files and name look-ups share: half of them stay free. */
const LIMITS = { concurrent: 2, waiting: 2000 };

/** Hashes passwords with argon2id and compares them. */
@Injectable()
export class Passwords implements OnModuleInit {
  private readonly gate = new Gate(LIMITS);
  private decoy: Promise<string> | undefined;

  /** The first unknown address must not be the one that takes longer. */
  async onModuleInit(): Promise<void> {
    await this.decoyHash();
  }

  hash(password: string): Promise<string> {
    return this.gate.run(() => hash(normalised(password), ARGON2ID));
  }

  /** Without a hash (no such account) it takes just as long and answers false, so that time doesn't tell who has an account. */
  async matches(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    const against = passwordHash ?? (await this.decoyHash());
    const equal = await this.gate.run(() => verify(against, normalised(password)));
    return equal && passwordHash !== undefined && passwordHash !== null;
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= this.hash(newSecret());
    return this.decoy;
  }
}

/** The same password typed on another keyboard can arrive composed differently. */
const normalised = (password: string): string => password.normalize('NFC');
