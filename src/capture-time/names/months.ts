/**
 * Month names as people write them in file names: English, German, French, Spanish, Italian, Portuguese, Dutch,
 * Polish (both cases), Danish, Norwegian, Swedish; and the English and German short forms. Only words that mean one
 * month in all of these languages.
 */
const names: readonly (readonly string[])[] = [
  [
    'january',
    'januar',
    'jänner',
    'janvier',
    'enero',
    'gennaio',
    'janeiro',
    'januari',
    'styczeń',
    'stycznia',
    'jan',
  ],
  ['february', 'februar', 'février', 'febrero', 'febbraio', 'fevereiro', 'februari', 'luty', 'lutego', 'feb'],
  ['march', 'märz', 'mars', 'marzo', 'março', 'maart', 'marzec', 'marca', 'marts', 'mar', 'mär'],
  ['april', 'avril', 'abril', 'aprile', 'kwiecień', 'kwietnia', 'apr'],
  ['may', 'mai', 'mayo', 'maggio', 'maio', 'mei', 'maj', 'maja'],
  ['june', 'juni', 'juin', 'junio', 'giugno', 'junho', 'czerwiec', 'czerwca', 'jun'],
  ['july', 'juli', 'juillet', 'julio', 'luglio', 'julho', 'lipiec', 'lipca', 'jul'],
  ['august', 'août', 'agosto', 'augustus', 'sierpień', 'sierpnia', 'augusti', 'aug'],
  ['september', 'septembre', 'septiembre', 'settembre', 'setembro', 'wrzesień', 'września', 'sept', 'sep'],
  [
    'october',
    'oktober',
    'octobre',
    'octubre',
    'ottobre',
    'outubro',
    'październik',
    'października',
    'oct',
    'okt',
  ],
  ['november', 'novembre', 'noviembre', 'novembro', 'listopad', 'listopada', 'nov'],
  [
    'december',
    'dezember',
    'décembre',
    'diciembre',
    'dicembre',
    'dezembro',
    'grudzień',
    'grudnia',
    'dec',
    'dez',
  ],
];

const numbers: ReadonlyMap<string, number> = new Map(
  names.flatMap((month, index) =>
    month.flatMap((name) => [name, plain(name)].map((form) => [form, index + 1] as const)),
  ),
);

/** The inside of a group that matches any of them, the longest first. */
export const monthWord = [...numbers.keys()].sort((one, other) => other.length - one.length).join('|');

export function monthNumber(word: string): number | null {
  return numbers.get(word.toLowerCase()) ?? null;
}

/** Without accents, as many file names are. */
function plain(name: string): string {
  return name.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
}
