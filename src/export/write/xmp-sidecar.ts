/** The XMP sidecar of a copy: written as text, because the same wishes must give the same bytes. */
import type { TagToWrite } from '#contract/exports.ts';

const nameSpaces = {
  'XMP-exif': 'http://ns.adobe.com/exif/1.0/',
  'XMP-photoshop': 'http://ns.adobe.com/photoshop/1.0/',
} as const;

/** Of dates and subjects, as `tagsForSidecar` gives them. */
export function xmpText(tags: readonly TagToWrite[]): string {
  const subjects = tags.filter(({ tag }) => tag === 'XMP-dc:Subject').map(({ value }) => value);
  const dates = tags.flatMap(({ tag, value }) => {
    const [group = '', name = ''] = tag.split(':');
    return group in nameSpaces ? [`   ${group.slice('XMP-'.length)}:${name}="${isoDate(value)}"`] : [];
  });
  return [
    '<?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '  <rdf:Description rdf:about=""',
    ...Object.entries(nameSpaces).map(([group, uri]) => `   xmlns:${group.slice('XMP-'.length)}="${uri}"`),
    ['   xmlns:dc="http://purl.org/dc/elements/1.1/"', ...dates].join('\n') + '>',
    ...(subjects.length === 0
      ? []
      : [
          '   <dc:subject><rdf:Bag>',
          ...subjects.map((subject) => `    <rdf:li>${escaped(subject)}</rdf:li>`),
          '   </rdf:Bag></dc:subject>',
        ]),
    '  </rdf:Description>',
    ' </rdf:RDF>',
    '</x:xmpmeta>',
    '<?xpacket end="w"?>',
    '',
  ].join('\n');
}

/** `2019:05:05 15:30:00+02:00` as XMP has it, cut at any precision: `2019-05-05T15:30:00+02:00`. */
function isoDate(value: string): string {
  const [day = '', clock] = value.split(' ');
  const date = day.replaceAll(':', '-');
  return clock === undefined ? date : `${date}T${clock}`;
}

function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex
  const allowed = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\uFFFE\uFFFF]/gu, '');
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
