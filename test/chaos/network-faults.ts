import type { Fault } from './fault.js';
import { LINK_FAULTS } from './faulty-proxy.js';

const DUPLICATE: Fault = {
  name: 'duplicate submit',
  weight: 3,
  strike: ({ users }, random) => random.pick(users).duplicate(random),
};

/** Faults of clients and the network: many at a time. */
export const NETWORK_FAULTS: readonly Fault[] = [
  ...LINK_FAULTS.map((name): Fault => ({
    name: `network ${name}`,
    weight: name === 'cut' ? 6 : 2,
    strike: ({ fleet }, random) => Promise.resolve(random.pick(fleet.proxies).apply(name, random)),
  })),
  {
    name: 'slow reader',
    weight: 3,
    strike: async ({ users }, random) => {
      await random.pick(random.pick(users).readers).stall(random.between(300, 5_000));
      return true;
    },
  },
  DUPLICATE,
  { name: 'cancel', weight: 2, strike: ({ users }, random) => random.pick(users).cancel(random) },
];
