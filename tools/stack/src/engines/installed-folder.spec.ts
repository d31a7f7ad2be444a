import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readChecksums, verifyFolder } from './checksums.ts';
import { installFolder } from './installed-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fourway-install-spec-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const prepare = (content: string) => (draft: string) => {
  mkdirSync(join(draft, 'keep'));
  writeFileSync(join(draft, 'keep', 'file'), content);
  return Promise.resolve(join(draft, 'keep'));
};

describe('installFolder', () => {
  it('installs once, also when asked for twice at the same time, and leaves no draft', async () => {
    const folder = join(root, 'engine');
    await Promise.all([installFolder(folder, prepare('same')), installFolder(folder, prepare('same'))]);
    await installFolder(folder, () => Promise.reject(new Error('must not prepare again')));
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('same');
    expect(readdirSync(root)).toEqual(['engine']);
  });

  it('leaves nothing when the preparation fails, so that the next try starts afresh', async () => {
    const folder = join(root, 'engine');
    await expect(installFolder(folder, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    expect(readdirSync(root)).toEqual([]);
    await installFolder(folder, prepare('second try'));
    expect(readdirSync(folder)).toEqual(['file']);
  });
});

describe('verifyFolder', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const checksums = () => {
    writeFileSync(join(root, 'list.sha256'), `${empty}  a.jar\n${empty}  b.jar\n`);
    return readChecksums(join(root, 'list.sha256'));
  };
  const folderOf = (files: Record<string, string>) => {
    mkdirSync(join(root, 'jars'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, 'jars', name), content);
    return join(root, 'jars');
  };

  it('accepts exactly the listed files', () => {
    expect(() => verifyFolder(folderOf({ 'a.jar': '', 'b.jar': '' }), checksums())).not.toThrow();
  });

  it.each([
    ['a changed file', { 'a.jar': '', 'b.jar': 'changed' }, /b\.jar is not the pinned file/],
    ['a file that is not listed', { 'a.jar': '', 'b.jar': '', 'c.jar': '' }, /c\.jar is not the pinned file/],
    ['a missing file', { 'a.jar': '' }, /lacks b\.jar/],
  ])('refuses %s', (_, files, message) => {
    expect(() => verifyFolder(folderOf(files), checksums())).toThrow(message);
  });
});
