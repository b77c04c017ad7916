/**
 * What this browser has begun to upload, kept until it is imported, so that a reload loses nothing. In IndexedDB
 * rather than tus’s usual localStorage, whose five megabytes are full after some ten thousand files.
 */
import type { PreviousUpload, UrlStorage } from 'tus-js-client';

export type Remembered = {
  key: string;
  fingerprint: string;
  size: number | null;
  metadata: { [key: string]: string };
  creationTime: string;
  uploadUrl: string | null;
  finished: boolean;
};

const storeName = 'uploads';
let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('daybook-uploads', 1);
    request.addEventListener('upgradeneeded', () => {
      const store = request.result.createObjectStore(storeName, { keyPath: 'key' });
      store.createIndex('fingerprint', 'fingerprint');
      store.createIndex('uploadUrl', 'uploadUrl');
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () =>
      reject(request.error ?? new Error('IndexedDB could not be opened.')),
    );
  });
  return opened;
}

/** Runs one transaction. A browser that keeps nothing (private windows) uploads all the same: `without` is used. */
async function remember<T>(
  mode: IDBTransactionMode,
  without: T,
  work: (store: IDBObjectStore) => IDBRequest<T> | null,
): Promise<T> {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      const request = work(transaction.objectStore(storeName));
      transaction.addEventListener('complete', () => resolve(request === null ? without : request.result));
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('IndexedDB refused.')));
    });
  } catch (error) {
    console.warn('Uploads cannot be remembered in this browser.', error);
    return without;
  }
}

export const uploadMemory: UrlStorage = {
  findAllUploads: async () => (await rememberedUploads()).map(forTus),
  async findUploadsByFingerprint(fingerprint) {
    const found = await remember<Remembered[]>('readonly', [], (store) =>
      store.index('fingerprint').getAll(fingerprint),
    );
    return found.map(forTus);
  },
  async removeUpload(key) {
    await remember<undefined>('readwrite', undefined, (store) => store.delete(key));
  },
  async addUpload(fingerprint, upload) {
    const key = crypto.randomUUID();
    const { size, metadata, creationTime, uploadUrl } = upload;
    const row: Remembered = { key, fingerprint, size, metadata, creationTime, uploadUrl, finished: false };
    await remember<IDBValidKey>('readwrite', key, (store) => store.put(row));
    return key;
  },
};

function forTus(row: Remembered): PreviousUpload {
  return { ...row, urlStorageKey: row.key, parallelUploadUrls: null };
}

export function rememberedUploads(): Promise<Remembered[]> {
  return remember<Remembered[]>('readonly', [], (store) => store.getAll());
}

export async function rememberFinished(uploadUrl: string): Promise<void> {
  await remember('readwrite', null, (store) => {
    const request = store.index('uploadUrl').openCursor(uploadUrl);
    request.addEventListener('success', () => {
      request.result?.update({ ...request.result.value, finished: true });
    });
    return null;
  });
}

/** Forgets the uploads with these ids, or all of them. */
export async function forgetUploads(which: ReadonlySet<string> | 'all'): Promise<void> {
  if (which === 'all') {
    await remember<undefined>('readwrite', undefined, (store) => store.clear());
    return;
  }
  await remember('readwrite', null, (store) => {
    const request = store.openCursor();
    request.addEventListener('success', () => {
      const cursor = request.result;
      if (cursor === null) return;
      const row = cursor.value as Remembered;
      if (row.uploadUrl !== null && which.has(uploadIdOf(row.uploadUrl))) cursor.delete();
      cursor.continue();
    });
    return null;
  });
}

/** The last part of an upload's address is its id. */
export function uploadIdOf(url: string): string {
  return decodeURIComponent(new URL(url, window.location.href).pathname.split('/').at(-1) ?? '');
}
