import { deleteVideos, editMany, editVideo } from '#saved-videos/edits/edit-values.ts';
import { editsOfList, undoEdit } from '#saved-videos/edits/edits.ts';
import { addField, changeField, removeField, restoreField } from '#saved-videos/fields/fields.ts';
import { deletedFieldsOfList, fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import {
  changeList,
  createList,
  findList,
  getList,
  listLists,
  removeList,
  restoreList,
} from '#saved-videos/lists.ts';
import { columnValues } from '#saved-videos/table/column-values.ts';
import { addVideos } from '#saved-videos/videos/add-videos.ts';
import { videoOfSeq, videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { api } from './context.ts';

export const listsHandlers = {
  list: api.lists.list.handler(async ({ input, context }) => ({
    items: await listLists(context.db, context.owner, input),
  })),

  create: api.lists.create.handler(({ input, context }) => createList(context.db, context.owner, input)),

  get: api.lists.get.handler(({ input, context }) => getList(context.db, context.owner, input.id)),

  change: api.lists.change.handler(({ input: { id, ...change }, context }) =>
    changeList(context.db, context.owner, id, change),
  ),

  remove: api.lists.remove.handler(({ input, context }) => removeList(context.db, context.owner, input.id)),

  restore: api.lists.restore.handler(({ input, context }) => restoreList(context.db, context.owner, input.id)),
};

export const fieldsHandlers = {
  list: api.fields.list.handler(async ({ input: { id, deleted }, context }) => {
    await findList(context.db, context.owner, id);
    return { items: await (deleted ? deletedFieldsOfList : fieldsOfList)(context.db, id) };
  }),

  add: api.fields.add.handler(({ input: { id, ...field }, context }) =>
    addField(context.db, context.owner, id, field),
  ),

  change: api.fields.change.handler(({ input: { id, field_id, ...change }, context }) =>
    changeField(context.db, context.owner, id, field_id, change),
  ),

  remove: api.fields.remove.handler(({ input, context }) =>
    removeField(context.db, context.owner, input.id, input.field_id),
  ),

  restore: api.fields.restore.handler(({ input, context }) =>
    restoreField(context.db, context.owner, input.id, input.field_id),
  ),
};

export const videosHandlers = {
  add: api.videos.add.handler(({ input: { id, url, urls }, context }) => {
    const lines = urls ?? (url ?? '').split('\n');
    return addVideos(context.db, context.owner, id, lines, context.expand_playlist);
  }),

  list: api.videos.list.handler(async ({ input: { id, offset, limit, ...view }, context }) => {
    const list = await findList(context.db, context.owner, id);
    const seqs = await context.views.of(list, view);
    const fields = await fieldsOfList(context.db, id);
    const items = await videosOfSeqs(context.db, id, fields, [...seqs.subarray(offset, offset + limit)]);
    return { items, offset, total: seqs.length, version: list.version };
  }),

  seqs: api.videos.seqs.handler(async ({ input: { id, offset, limit, ...view }, context }) => {
    const list = await findList(context.db, context.owner, id);
    const seqs = await context.views.of(list, view);
    return { seqs: [...seqs.subarray(offset, offset + limit)], total: seqs.length, version: list.version };
  }),

  values: api.videos.values.handler(async ({ input: { id, column, ...wanted }, context }) => {
    await findList(context.db, context.owner, id);
    return { items: await columnValues(context.db, id, column, wanted) };
  }),

  get: api.videos.get.handler(async ({ input, context }) => {
    await findList(context.db, context.owner, input.id);
    return videoOfSeq(context.db, input.id, input.seq);
  }),

  edit: api.videos.edit.handler(({ input, context }) =>
    editVideo(context.db, context.owner, input.id, input.seq, input.changes),
  ),

  editMany: api.videos.editMany.handler(({ input: { id, target, field_id, change }, context }) =>
    editMany(context.db, context.owner, id, target, field_id, change),
  ),

  remove: api.videos.remove.handler(({ input, context }) =>
    deleteVideos(context.db, context.owner, input.id, input.target),
  ),

  edits: api.videos.edits.handler(async ({ input: { id, limit }, context }) => {
    await findList(context.db, context.owner, id);
    return { items: await editsOfList(context.db, id, limit) };
  }),

  undo: api.videos.undo.handler(({ input, context }) =>
    undoEdit(context.db, context.owner, input.id, input.edit_id),
  ),
};
