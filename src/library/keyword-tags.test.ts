import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emptySqlite } from '../../test/empty-databases.ts';
import { exportHouse, openTestTools } from '../../test/export-house.ts';
import { stampedPhoto } from '../../test/fixtures/stamp.ts';
import { tagsOfKeywords } from './keyword-tags.ts';

const tools = await openTestTools();
afterAll(() => tools[Symbol.asyncDispose]());

const xmp = (keyword: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>${keyword}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;

test('keywords become tags, each once, spelled as tags are', () => {
  expect(tagsOfKeywords(['Summer  2014', 'summer 2014', ' ', 'Rome'])).toEqual([
    { tag: 'summer 2014', source: 'keyword' },
    { tag: 'rome', source: 'keyword' },
  ]);
});

test('an import takes those of the file and of its sidecar; what a person took away stays away', async () => {
  await using house = await exportHouse({ database: await emptySqlite(), tools });
  const tags = { 'IPTC:Keywords': 'Rome', 'XMP-dc:Subject': 'Forum Romanum' };
  await stampedPhoto(house.sources, 'a.jpg', { tags });
  await writeFile(path.join(house.sources, 'a.xmp'), xmp('Holiday'));
  await house.import(house.sources);
  const stored = () => house.db.selectFrom('asset_tags').select(['tag', 'source']).orderBy('tag').execute();
  const come = [
    { tag: 'forum romanum', source: 'keyword' },
    { tag: 'holiday', source: 'keyword' },
    { tag: 'rome', source: 'keyword' },
  ];
  expect(await stored()).toEqual(come);

  await house.decide({ filter: {} }, { kind: 'tag', data: { add: [], remove: ['rome'] } });
  await writeFile(path.join(house.sources, 'a.xmp'), xmp('Holiday 2014'));
  await house.import(house.sources);
  expect(await stored()).toEqual([come[0], { tag: 'holiday 2014', source: 'keyword' }]);
});
