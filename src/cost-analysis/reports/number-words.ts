const SMALL = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const TENS = 'twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';
const PARTS = 'third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|twentieth|hundredth|thousandth';
/** "A third option" and "one third-party tool" count; they measure nothing. */
const COUNTED = [
  'party|parties|person|place|opinion|option|choice|alternative|candidate|one|time|attempt|try|step|point|item|way|reason',
  'kind|type|group|source|day|week|month|model|provider|team|feature|project|user|call|request|saving|measure|column|row',
].join('|');
const ANY_COUNTED = String.raw`(?![ -](?:${COUNTED})s?\b)`;

/** Words that say how much of something there is, which only a fact may: a text that a model wrote is searched for them. */
export const NUMBER_WORD = new RegExp(
  [
    String.raw`\b(?:half|halves|halved|halving|doubl(?:e|ed|es|ing)|twice|thrice|trebl\w+|tripl\w+|quadrupl\w+|dozens?|hundreds?|thousands?|millions?|billions?)\b`,
    String.raw`\b(?:an?|${SMALL})[ -](?:(?:full|good|whole|mere|further|entire)[ -])?(?:${PARTS})s?\b${ANY_COUNTED}`,
    String.raw`\b(?:${TENS}|\w+teen|hundred)[ -](?:${PARTS})s\b`,
    String.raw`\b(?:${SMALL}|${TENS}|\w+teen)-?fold\b`,
    String.raw`\b(?:${SMALL}|${TENS})[ -](?:out[ -]of|in)[ -](?:every[ -])?(?!one\b)(?:${SMALL}|${TENS})\b`,
    String.raw`\b(?:${SMALL}|\w+teen|\w+ty)(?:[ -]\w+)?\s+(?:dollars?|cents?|percent|per cent|usd|times)\b`,
  ].join('|'),
  'giu',
);
