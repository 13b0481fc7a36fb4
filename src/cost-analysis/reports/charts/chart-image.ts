/** Where the picture of a report's chart is; numbers count from 1 in the order of the report. */
export const chartPath = (reportId: string, number: number): string => `/api/reports/${reportId}/charts/${number}.svg`;

/** A chart in Markdown. The alternative text may hold names from outside, so nothing in it may end it. */
export const chartImage = (alternativeText: string, path: string): string =>
  `![${alternativeText.replace(/[\\[\]]/g, '\\$&')}](${path})`;

/** The number of the chart that a block of Markdown is the image of; undefined for any other block. */
export function chartNumberOf(block: string): number | undefined {
  const number = /^!\[(?:[^\\[\]]|\\.)*\]\(\/api\/reports\/[0-9a-f-]+\/charts\/(\d{1,2})\.svg\)$/.exec(block)?.[1];
  return number === undefined ? undefined : Number(number);
}
