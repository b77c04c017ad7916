/**
 * ExifTool inflates compressed metadata without a bound: a PNG of 1 MB took 5.4 GB and 12 s, another one 34 s. Two
 * bounds hold it, because one file must not take the machine down.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { DefaultExiftoolArgs, exiftoolPath } from 'exiftool-vendored';
import { tagsAsked, type Look } from '#media/tags-asked.ts';

export const isWindows = process.platform === 'win32';

/** ExifTool converts a few dates (Canon CR3) to the zone of the machine; UTC makes the result the same everywhere. */
export const exiftoolEnvironment = { LANG: 'C', TZ: 'UTC' };

/**
 * Address space of one process, in kilobytes; beyond it Perl ends. A process that has met all 386 samples, and so
 * loaded the tables of most makers, takes 167,000 (84 MB of memory). Node cannot limit the memory of a child; the
 * shell can, and then becomes Perl.
 */
const addressSpaceKilobytes = 320_000;

/** No text, profile or XMP packet of a real file unpacks to more. */
const inflatedBytes = 16 * 1024 * 1024;

/** Under this name a process of ours knows all that is asked of a file. */
const shortcut: Record<Look, string> = {
  jpeg: 'DaybookJpeg',
  picture: 'DaybookPicture',
  container: 'DaybookContainer',
};

/**
 * Arguments that ask for the tags of a look. ExifTool would take 1.3 ms to understand seventy of them, for every file
 * anew, and 1 ms to compile the library's check that text is UTF-8, for every value anew. Told to the process once, a
 * photo of `bench/photos.ts` takes 2.3 ms of its processor time instead of 4.6. Windows asks in full.
 */
export function askFor(look: Look): string[] {
  if (isWindows) return tagsAsked[look].map((tag) => `-${tag}`);
  return [`-${shortcut[look]}`, '-api', 'Filter=/[^\\0-\\x7f]/ and Bounded::readable($_)'];
}

const shortcuts = Object.entries(shortcut)
  .map(([look, name]) => `${name} => [qw(${tagsAsked[look as Look].join(' ')})]`)
  .join(', ');

/**
 * Perl that mends two things before it becomes ExifTool. `Compress::Zlib` gets an inflater which stops at the bound, so
 * that the one block is taken for damaged and the rest of the file is read; without that module nothing is inflated.
 * And embedded XMP that begins with a UTF-8 mark and `<?xml`, which ExifTool 13.59 takes for UTF-16 and finds empty, is
 * handed to it without the mark (in a file of its own it reads the mark).
 */
const boundedPerl = `
  package Bounded;
  sub new {
    my ($class, %given) = @_;
    my ($inflater) = Compress::Raw::Zlib::Inflate->new(%given, -Bufsize => ${inflatedBytes}, -LimitOutput => 1);
    return $inflater && bless { inflater => $inflater }, $class;
  }
  sub inflate {
    my $out = '';
    my $status = $_[0]{inflater}->inflate($_[1], $out);
    return wantarray ? ($out, $status) : $out;
  }
  sub readable {
    return unless Image::ExifTool::IsUTF8(\\$_[0]) < 0;
    $_[0] =~ tr/\\0//d;
    Image::ExifTool::XMP::FixUTF8(\\$_[0], Image::ExifTool::PackUTF8(0xfffd));
  }
  package main;
  %Image::ExifTool::UserDefined::Shortcuts = (${shortcuts});
  if (eval { require Compress::Zlib; 1 }) {
    no warnings 'redefine';
    *Compress::Zlib::inflateInit = sub { my $bounded = Bounded->new(@_); wantarray ? ($bounded, 0) : $bounded };
  }
  $0 = shift @ARGV;
  $Image::ExifTool::exeDir = $0 =~ m{(.*)/} ? $1 : '.';
  unshift @INC, "$Image::ExifTool::exeDir/lib";
  if (eval { require Image::ExifTool; 1 }) {
    my $process = \\&Image::ExifTool::ProcessDirectory;
    no warnings 'redefine';
    *Image::ExifTool::ProcessDirectory = sub {
      my ($data, $table) = ($_[1]{DataPt}, $_[2] && $_[2]{TABLE_NAME});
      my $start = $_[1]{DirStart} || 0;
      if ($data && $table && $table eq 'Image::ExifTool::XMP::Main'
          && substr($$data, $start, 8) eq "\\xef\\xbb\\xbf<?xml") {
        $_[1]{DirStart} = $start + 3;
        $_[1]{DirLen} -= 3 if $_[1]{DirLen};
      }
      goto &$process;
    };
  }
  do $0;
  die $@ if $@;
`;

/** Starts one process of the pool. Windows has no such shell and takes the library's own way. */
export async function spawnBounded(onExit: (code: number | null) => void): Promise<ChildProcess> {
  const given = await shellArguments(DefaultExiftoolArgs);
  return spawn('/bin/sh', given, { stdio: 'pipe', env: environment() }).on('exit', onExit);
}

/**
 * One run in a process of its own, which the signal ends: for work that may take minutes, as writing into a long film
 * does, and would reach the time limit of the pool. Rejects with the reason of the signal. What ExifTool refuses is
 * told in `stderr`.
 */
export async function runExifTool(
  given: string[],
  signal: AbortSignal,
): Promise<{ stdout: string; stderr: string }> {
  const options = { signal, killSignal: 'SIGKILL' as const, maxBuffer: 1024 * 1024 };
  const run = isWindows
    ? execFile(await exiftoolPath(), given, options)
    : execFile('/bin/sh', await shellArguments(given), { ...options, env: environment() });
  const said = { stdout: '', stderr: '' };
  for (const where of ['stdout', 'stderr'] as const) {
    run[where]?.on('data', (chunk) => (said[where] += String(chunk)));
  }
  await new Promise<void>((resolve, reject) => {
    run.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    run.on('close', (code) => {
      if (code === null) reject(new Error('ExifTool was killed.'));
      else resolve();
    });
  });
  return said;
}

async function shellArguments(exiftoolArguments: string[]): Promise<string[]> {
  const shell = `ulimit -v ${addressSpaceKilobytes} 2>/dev/null; exec "$0" "$@"`;
  return ['-c', shell, 'perl', '-e', boundedPerl, await exiftoolPath(), ...exiftoolArguments];
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], ...exiftoolEnvironment };
}
