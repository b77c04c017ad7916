/** A path as it is meant: Windows' “Copy as path” and shells put quotes around it. */
export function typedPath(text: string): string {
  const trimmed = text.trim();
  const inQuotes = /^(?:"([^"]+)"|'([^']+)'|“([^”]+)”)$/.exec(trimmed);
  return (inQuotes?.[1] ?? inQuotes?.[2] ?? inQuotes?.[3] ?? trimmed).trim();
}
