import type { ChaosUser } from './chaos-user.js';
import type { Cluster } from './cluster.js';
import type { Effects } from './effects.js';
import type { Fleet } from './fleet.js';
import type { Random } from './random.js';
import type { RedisUnderTest } from './redis-under-test.js';
import type { TakeOvers } from './take-overs.js';

/** What faults strike. */
export interface Target {
  readonly cluster: Cluster;
  readonly databaseUrl: string;
  readonly fleet: Fleet;
  /** Undefined where servers join over PostgreSQL. */
  readonly redis: RedisUnderTest | undefined;
  readonly users: readonly ChaosUser[];
  readonly effects: Effects;
  readonly takeOvers: TakeOvers;
}

export interface Fault {
  readonly name: string;
  /** How many cards of the deck it has. */
  readonly weight: number;
  /** Strikes, and takes back what must not last; false when there was nothing to strike. */
  strike(target: Target, random: Random): Promise<boolean>;
}

/** Faults as cards of a deck: each as often as its weight says, in an order of chance, none left out for long. */
export class Deck {
  private cards: Fault[] = [];

  constructor(
    private readonly faults: readonly Fault[],
    private readonly random: Random,
  ) {}

  draw(): Fault {
    if (this.cards.length === 0) this.cards = this.faults.flatMap((fault) => Array<Fault>(fault.weight).fill(fault));
    const card = this.cards.splice(this.random.between(0, this.cards.length - 1), 1)[0];
    if (card === undefined) throw new Error('no faults to draw from');
    return card;
  }
}
