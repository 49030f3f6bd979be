import { say } from '../say.ts';
import { fileObject, type StoredFile } from '../store/files.ts';
import { isFields } from '../validate/checks.ts';
import type { Workspace } from '../workspace.ts';
import { contentOf, postChannel, threadParent } from './content.ts';
import { ApiError, type Args, type Method, requiredText, structArg, textArg } from './method.ts';

const MAX_BYTES = 50 * 1024 * 1024;

const getUploadUrl: Method = {
  token: 'bot',
  scopes: ['files:write'],
  run(workspace, args) {
    const size = Number(requiredText(args, 'length'));
    if (!Number.isInteger(size) || size <= 0) throw new ApiError('invalid_arguments');
    if (size > MAX_BYTES) throw new ApiError('file_upload_size_restricted');
    const file = workspace.files.reserve({
      name: requiredText(args, 'filename'),
      size,
      user: workspace.botUserId,
      created: workspace.time.now(),
      snippetType: textArg(args, 'snippet_type'),
      altText: textArg(args, 'alt_text') ?? textArg(args, 'alt_txt'),
    });
    return { upload_url: `${workspace.baseUrl}/upload/${file.id}`, file_id: file.id };
  },
};

const completeUpload: Method = {
  token: 'bot',
  scopes: ['files:write'],
  run(workspace, args) {
    const files = uploadedFiles(workspace, args);
    const channelIds = (textArg(args, 'channel_id') ?? textArg(args, 'channels') ?? '')
      .split(',')
      .filter((id) => id !== '');
    for (const file of files) file.isComplete = true;
    for (const id of channelIds) shareIn(workspace, { ...args, channel: id }, files);
    return { files: files.map((file) => fileObject(file, workspace.baseUrl)) };
  },
};

const info: Method = {
  token: 'bot',
  scopes: ['files:read'],
  run(workspace, args) {
    const file = workspace.files.get(requiredText(args, 'file'));
    if (file === undefined || !file.isComplete) throw new ApiError('file_not_found');
    return { file: fileObject(file, workspace.baseUrl), comments: [] };
  },
};

function uploadedFiles(workspace: Workspace, args: Args): StoredFile[] {
  const given = structArg(args, 'files');
  if (!Array.isArray(given) || given.length === 0) throw new ApiError('invalid_arguments');
  return given.map((one) => {
    const file = isFields(one) && typeof one.id === 'string' ? workspace.files.get(one.id) : undefined;
    if (file === undefined || file.bytes === undefined) throw new ApiError('file_not_found');
    if (isFields(one) && typeof one.title === 'string') file.title = one.title;
    return file;
  });
}

function shareIn(workspace: Workspace, args: Args, files: readonly StoredFile[]): void {
  const channel = postChannel(workspace, args);
  const comment = { text: textArg(args, 'initial_comment') ?? '', blocks: args.blocks };
  const content = contentOf(comment, { mayBeEmpty: true });
  for (const file of files) file.channels.add(channel.id);
  say(workspace, channel, {
    ...content,
    user: workspace.botUserId,
    botId: workspace.botId,
    subtype: 'file_share',
    parentTs: threadParent(workspace, channel, args),
    files: files.map((file) => file.id),
  });
}

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': info,
};
