import { describe, expect, it } from '@jest/globals';
import { UnansweredLimit } from './unanswered-limit.js';

const MEGABYTE = 1024 * 1024;
// Two bytes each: what counts is what is sent.
const payload = 'ä'.repeat(MEGABYTE / 2);

describe('payloads that are not answered', () => {
  it('are refused from 8 MB on, until some were answered or have failed', async () => {
    const limit = new UnansweredLimit();
    const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
    const transmit = (): Promise<void> =>
      new Promise((resolve, reject) => {
        answers.push({ resolve, reject });
      });
    const sent = Array.from({ length: 8 }, () => limit.send(payload, transmit));
    await expect(limit.send(payload, transmit)).rejects.toThrow('Too much');
    expect(answers).toHaveLength(8);

    answers[0]?.resolve();
    await sent[0];
    answers[1]?.reject(new Error('away'));
    await expect(sent[1]).rejects.toThrow('away');
    const later = [limit.send(payload, transmit), limit.send(payload, transmit)];
    await expect(limit.send(payload, transmit)).rejects.toThrow('Too much');
    expect(answers).toHaveLength(10);

    for (const { resolve } of answers) resolve();
    await Promise.all([...sent.slice(2), ...later]);
  });
});
