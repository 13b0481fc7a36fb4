import { bucketIdentity } from './bucket-identity.js';
import { extraTags } from './extra-tags.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft } from './importer.js';
import { inputParts } from './input-parts.js';

const DIMENSIONS = ['model', 'project', 'user', 'apiKey', 'batch', 'serviceTier'] as const;
type Dimension = (typeof DIMENSIONS)[number];
type Count = 'input' | 'uncached' | 'output' | 'cached' | 'cacheWrite' | 'requests';

type BucketFields = Pick<Fields<Dimension | Count>, 'text' | 'count' | 'flag' | 'extras'>;

interface BucketOf {
  readonly tsStart: Date;
  readonly tsEnd: Date | undefined;
  readonly operation: string | undefined;
}

/**
 * A bucket of OpenAI's usage, from the API as from the dashboard; undefined when it has no tokens. The breakdowns by text, audio and image
 * are parts of the totals, never added to them: they stay among the extra tags.
 */
export function openaiBucket(fields: BucketFields, bucket: BucketOf): UsageDraft | undefined {
  const [total, uncached, output] = [fields.count('input'), fields.count('uncached'), fields.count('output')];
  if (total === undefined && uncached === undefined && output === undefined) return undefined;
  return {
    ...bucket,
    identity: bucketIdentity(fields, [bucket.tsStart, bucket.tsEnd, bucket.operation], { dimensions: DIMENSIONS }),
    rowKind: 'bucket',
    provider: 'openai',
    modelRaw: fields.text('model'),
    ...inputParts(
      {
        total,
        uncached: total === undefined ? uncached : undefined,
        cacheRead: fields.count('cached'),
        cacheWrite: fields.count('cacheWrite'),
      },
      'inclusive',
    ),
    output: output ?? 0,
    requests: fields.count('requests'),
    status: 'ok',
    isBatch: fields.flag('batch'),
    serviceTier: fields.text('serviceTier'),
    project: fields.text('project'),
    user: fields.text('user'),
    apiKey: fields.text('apiKey'),
    tags: extraTags(fields.extras()),
  };
}
