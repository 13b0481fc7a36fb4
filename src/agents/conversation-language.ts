import type { UserExecutionContext } from '../context/user-execution-context.js';
import { DEFAULT_PREFERENCES } from '../context/user-preferences.js';
import type { Conversation } from './agent-task.js';

const NAMES = new Intl.DisplayNames(['en'], { type: 'language' });

/** Has a model write in the language that the user prefers. What is planned without a model is English. */
export function inLanguageOf({ preferences }: UserExecutionContext, conversation: Conversation): Conversation {
  const { language } = preferences;
  if (language === DEFAULT_PREFERENCES.language) return conversation;
  const wish = `Write what the user reads in ${NAMES.of(language) ?? language} (${language}); leave names, keys, figures and their citations as they are.`;
  return { ...conversation, instructions: `${conversation.instructions}\n\n${wish}` };
}
