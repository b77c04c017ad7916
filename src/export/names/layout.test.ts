import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeUnits, stemsOf, unitsOf, type AssetToPlace, type Occupied } from './layout.ts';
import { nameKey } from './safe-name.ts';
import { parseTemplate } from './template.ts';

const standard = '{year}/{date}_{time}{ext}';
const nothing: Occupied = { names: new Set(), stems: new Map() };

let made = 0;

function asset(name: string, local: string | null, more: Partial<AssetToPlace> = {}): AssetToPlace {
  made += 1;
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  const clock = local !== null && local.length > 10;
  return {
    id: `${made}`.padStart(6, '0'),
    kind: ['mov', 'mp4'].includes(extension) ? 'video' : 'photo',
    name,
    extension,
    local,
    precision: local === null ? null : clock ? 'second' : 'day',
    at: clock ? `${local.padEnd(20, '.').padEnd(23, '0')}Z` : null,
    sort_key: local ?? '',
    camera_make: null,
    camera_model: null,
    tag: null,
    content_id: null,
    places: [{ folder: '/photos', stem: name.toLowerCase().replace(/\.\w+$/, '') }],
    standing: null,
    ...more,
  };
}

function occupied(entries: Record<string, 'ours' | 'foreign'>): Occupied {
  const stems = new Map<string, 'ours' | 'foreign'>();
  for (const [path, whose] of Object.entries(entries)) {
    for (const stem of stemsOf(nameKey(path))) stems.set(stem, whose);
  }
  return { names: new Set(Object.keys(entries).map(nameKey)), stems };
}

async function lay(assets: readonly AssetToPlace[], options: { template?: string; there?: Occupied } = {}) {
  const units = await unitsOf(assets, parseTemplate(options.template ?? standard));
  const placed = await placeUnits(units, options.there ?? nothing);
  const nameOf = new Map(assets.map(({ id, name }) => [id, name]));
  return {
    names: Object.fromEntries(placed.map(({ id, target }) => [nameOf.get(id) ?? '', target])),
    placed,
  };
}

/** The same assets, planned again after they were written. */
async function again(assets: readonly AssetToPlace[]): Promise<AssetToPlace[]> {
  const { placed } = await lay(assets);
  const byId = new Map(placed.map((each) => [each.id, each]));
  return assets.map((each) => {
    const { target, number } = byId.get(each.id) ?? { target: '', number: 0 };
    return { ...each, standing: { path: target, number } };
  });
}

const second = '2019-05-05T15:30:00';

test('equal names are numbered by instant with its fractions, then by original name in natural order', async () => {
  const { names } = await lay([
    asset('IMG_10.jpg', second),
    asset('IMG_2.jpg', second),
    asset('late.jpg', `${second}.900`),
    asset('early.jpg', `${second}.100`),
  ]);
  expect(names).toEqual({
    'IMG_2.jpg': '2019/20190505_153000.jpg',
    'IMG_10.jpg': '2019/20190505_153000_001.jpg',
    'early.jpg': '2019/20190505_153000_002.jpg',
    'late.jpg': '2019/20190505_153000_003.jpg',
  });
});

test('photos of one day without a clock follow the counter of their names', async () => {
  const { names } = await lay([
    asset('IMG-20171218-WA0010.jpg', '2017-12-18', { sort_key: '2017-12-18 000010' }),
    asset('IMG-20171218-WA0009.jpg', '2017-12-18', { sort_key: '2017-12-18 000009' }),
  ]);
  expect(names).toEqual({
    'IMG-20171218-WA0009.jpg': '2017/20171218.jpg',
    'IMG-20171218-WA0010.jpg': '2017/20171218_001.jpg',
  });
});

test('names that differ in case or in the writing of accents alone are numbered', async () => {
  const { names } = await lay([
    asset('Été.jpg', null, { places: [] }),
    asset('e\u0301te\u0301.JPG', null, { places: [] }),
  ]);
  expect(Object.values(names).map(nameKey).toSorted()).toEqual(['unknown/été.jpg', 'unknown/été_001.jpg']);
});

test('two shots never share a stem, whatever their extensions: a sidecar speaks of one', async () => {
  const { names } = await lay([asset('a.jpg', second), asset('b.png', second)]);
  expect(names).toEqual({ 'a.jpg': '2019/20190505_153000.jpg', 'b.png': '2019/20190505_153000_001.png' });
});

test('photo and film of one content identifier share the stem of the photo, wherever they were met', async () => {
  const { names } = await lay([
    asset('film.mov', '2019-05-05T15:29:58', { content_id: 'C', places: [{ folder: '/b', stem: 'film' }] }),
    asset('photo.heic', second, { content_id: 'C' }),
  ]);
  expect(names).toEqual({
    'photo.heic': '2019/20190505_153000.heic',
    'film.mov': '2019/20190505_153000.mov',
  });
});

test('photo, RAW and film of one name, folder and minute share a stem; of another day they do not', async () => {
  const { names } = await lay([
    asset('IMG_1.jpg', second),
    asset('IMG_1.cr2', second),
    asset('IMG_1.mov', '2019-05-05T15:30:40'),
    asset('IMG_2.jpg', second),
    asset('IMG_2.mov', '2021-01-01T00:00:00'),
  ]);
  expect(names).toEqual({
    'IMG_1.jpg': '2019/20190505_153000.jpg',
    'IMG_1.cr2': '2019/20190505_153000.cr2',
    'IMG_1.mov': '2019/20190505_153000.mov',
    'IMG_2.jpg': '2019/20190505_153000_001.jpg',
    'IMG_2.mov': '2021/20210101_000000.mov',
  });
});

test('halves of different identifiers are no pair, even with one name', async () => {
  const { names } = await lay([
    asset('IMG_1.heic', second, { content_id: 'A' }),
    asset('IMG_1.mov', second, { content_id: 'B' }),
  ]);
  expect(names['IMG_1.mov']).toBe('2019/20190505_153000_001.mov');
});

test('a shot moves to the next number as a whole where a name of it is taken', async () => {
  const pair = [asset('IMG_1.heic', second), asset('IMG_1.mov', second)];
  const { names, placed } = await lay(pair, {
    there: occupied({ '2019/20190505_153000.MOV': 'foreign' }),
  });
  expect(names).toEqual({
    'IMG_1.heic': '2019/20190505_153000_001.heic',
    'IMG_1.mov': '2019/20190505_153000_001.mov',
  });
  expect(placed.map(({ name_taken }) => name_taken)).toEqual([true, false]);
});

test('a sidecar of somebody else takes the name as well', async () => {
  const { names } = await lay([asset('a.jpg', second)], {
    there: occupied({ '2019/20190505_153000.jpg.xmp': 'foreign' }),
  });
  expect(names).toEqual({ 'a.jpg': '2019/20190505_153000_001.jpg' });
});

test('no file is called like a folder of the archive', async () => {
  const { names } = await lay([asset('a.jpg', second, { tag: 'b.jpg' }), asset('b.jpg', second)], {
    template: '{tag}/{name}{ext}',
  });
  expect(names).toEqual({ 'a.jpg': 'b.jpg/a.jpg', 'b.jpg': 'b_001.jpg' });
});

test('folders that differ in case alone are one, as the first is spelled', async () => {
  const { names } = await lay(
    [
      asset('a.jpg', '2018-01-01T00:00:00', { tag: 'Paris' }),
      asset('a.jpg', second, { tag: 'paris', name: 'A.jpg' }),
    ],
    { template: '{tag}/{name}{ext}' },
  );
  expect(Object.values(names)).toEqual(['Paris/a.jpg', 'Paris/A_001.jpg']);
});

test('names stay when others come before them, and when those before them go', async () => {
  const first = asset('b.jpg', second);
  const other = asset('c.jpg', second);
  const written = await again([first, other]);
  const there = occupied({
    '2019/20190505_153000.jpg': 'ours',
    '2019/20190505_153000_001.jpg': 'ours',
  });
  const before = await lay([...written, asset('a.jpg', second)], { there });
  expect(before.names).toEqual({
    'b.jpg': '2019/20190505_153000.jpg',
    'c.jpg': '2019/20190505_153000_001.jpg',
    'a.jpg': '2019/20190505_153000_002.jpg',
  });
  const alone = await lay(written.slice(1), { there });
  expect(alone.names).toEqual({ 'c.jpg': '2019/20190505_153000_001.jpg' });
});

test('a date that was corrected moves its copy, also where the old name could be read as a number', async () => {
  const dated = asset('a.jpg', second, { standing: { path: '2019/20190505_153.jpg', number: 0 } });
  const day = { ...dated, local: '2019-05-05', precision: 'day' as const, at: null };
  const { names } = await lay([day]);
  expect(names).toEqual({ 'a.jpg': '2019/20190505.jpg' });
});

test('the number that was put behind a name when it was written stays with it', async () => {
  const standing = { path: '2019/20190505_153000_001_002.jpg', number: 1 };
  const { names } = await lay([asset('a.jpg', second, { standing })]);
  expect(names).toEqual({ 'a.jpg': standing.path });
});

test('the other half of a shot that comes later takes the stem that the first has', async () => {
  const [photo] = await again([asset('z.heic', second), asset('IMG_1.heic', second, { content_id: 'C' })]).then(
    (written) => written.slice(1),
  );
  const { names } = await lay([photo!, asset('IMG_1.mov', second, { content_id: 'C' })], {
    there: occupied({ [photo!.standing!.path]: 'ours' }),
  });
  expect(names['IMG_1.mov']).toBe(photo!.standing!.path.replace('.heic', '.mov'));
});

test('a film that stood alone goes along with the photo that comes after it', async () => {
  const film = asset('IMG_1.mov', '2019-05-05T15:29:58', {
    content_id: 'C',
    standing: { path: '2019/20190505_152958.mov', number: 0 },
  });
  const { names } = await lay([film, asset('IMG_1.heic', second, { content_id: 'C' })]);
  expect(names['IMG_1.mov']).toBe('2019/20190505_153000.mov');
});

test('a second copy of a Live Photo, saved anew, takes nothing from the pair that stands', async () => {
  const pair = await again([
    asset('IMG_1.heic', second, { content_id: 'C' }),
    asset('IMG_1.mov', second, { content_id: 'C' }),
  ]);
  const { names } = await lay([...pair, asset('A saved.heic', second, { content_id: 'C' })]);
  expect(names).toEqual({
    'IMG_1.heic': '2019/20190505_153000.heic',
    'IMG_1.mov': '2019/20190505_153000.mov',
    'A saved.heic': '2019/20190505_153000_001.heic',
  });
});

const anyAsset = fc.record({
  name: fc.constantFrom(
    'a.jpg',
    'A.JPG',
    'a_001.jpg',
    'b.jpg',
    'b.mov',
    'été.jpg',
    'e\u0301te\u0301.jpg',
    'con.jpg',
  ),
  local: fc.constantFrom(null, '2019', '2019-05-05', second, `${second}.5`, '2019-05-05T15:30:20'),
  content_id: fc.constantFrom(null, null, 'C'),
  folder: fc.constantFrom('/x', '/y'),
});
const anyTemplate = fc.constantFrom(
  standard,
  '{name}{ext}',
  '{tag}/{date}{ext}',
  '{year}/{name}_{subsec}{ext}',
);

test('no two files ever get one name, and a second plan of what stands gives the same names', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAsset, { maxLength: 30 }),
      fc.array(anyAsset, { maxLength: 5 }),
      anyTemplate,
      async (some, later, template) => {
        const toAsset = ({ name, local, content_id, folder }: (typeof some)[number]) =>
          asset(name, local, { content_id, places: [{ folder, stem: name.slice(0, 1) }] });
        const assets = some.map(toAsset);
        const first = await lay(assets, { template });
        const keys = first.placed.map(({ target }) => nameKey(target));
        expect(new Set(keys).size).toBe(assets.length);

        const byId = new Map(first.placed.map((each) => [each.id, each]));
        const written = assets.map((each) => {
          const { target, number } = byId.get(each.id)!;
          return { ...each, standing: { path: target, number } };
        });
        const there = occupied(Object.fromEntries(first.placed.map(({ target }) => [target, 'ours'])));
        const second = await lay([...later.map(toAsset), ...written], { template, there });
        // A film goes along with a photo that comes after it; nothing else is ever renamed.
        const films = new Set(assets.filter(({ kind }) => kind === 'video').map(({ id }) => id));
        for (const { id, target } of second.placed) {
          if (!films.has(id) || later.length === 0) expect(target).toBe(byId.get(id)?.target ?? target);
        }
        expect(new Set(second.placed.map(({ target }) => nameKey(target))).size).toBe(
          assets.length + later.length,
        );
      },
    ),
    { numRuns: 300, seed: 42 },
  );
});
