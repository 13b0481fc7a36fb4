import type { LanguageModelV3Content, LanguageModelV3GenerateResult } from '@ai-sdk/provider';
import type { StepAnswer } from './step-answer.js';

type Block = Extract<LanguageModelV3Content, { type: 'text' | 'reasoning' }>;

/** A streamed answer that is whole, as a model gives it in one piece. */
export function generateResult({ parts, calls, finish }: StepAnswer): LanguageModelV3GenerateResult {
  const { finishReason, usage, providerMetadata } = finish;
  return { content: [...blocksOf(parts), ...calls], finishReason, usage, providerMetadata, warnings: [] };
}

/** Texts and reasonings, in the order in which they began. */
function blocksOf(parts: StepAnswer['parts']): Block[] {
  const blocks: Block[] = [];
  const open = new Map<string, Block>();
  for (const part of parts) {
    const type = blockType(part.type);
    if (type === undefined || !('id' in part)) continue;
    const key = `${type} ${part.id}`;
    const known = part.type.endsWith('-start') ? undefined : open.get(key);
    const block: Block = known ?? { type, text: '' };
    if (known === undefined) {
      blocks.push(block);
      open.set(key, block);
    }
    if ('delta' in part) block.text += part.delta;
    // The signature of a reasoning stands in its last delta, or at its end.
    if ('providerMetadata' in part && part.providerMetadata !== undefined)
      block.providerMetadata = part.providerMetadata;
  }
  return blocks;
}

function blockType(partType: StepAnswer['parts'][number]['type']): Block['type'] | undefined {
  switch (partType) {
    case 'text-start':
    case 'text-delta':
    case 'text-end':
      return 'text';
    case 'reasoning-start':
    case 'reasoning-delta':
    case 'reasoning-end':
      return 'reasoning';
    default:
      return undefined;
  }
}
