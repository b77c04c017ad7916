/** Where an export begins, and every one there was. */
import { EarlierExports } from './earlier-exports.tsx';
import { NewExport } from './new-export.tsx';
import styles from './export-page.module.css';

export function ExportPage() {
  return (
    <div className={styles.page}>
      <header>
        <h1 className={styles.title}>Export</h1>
        <p className={styles.about}>
          The library goes out as an ordered folder tree: every file a verified copy, named for the moment it
          was taken, with that moment written into it. First comes a plan; nothing is written before you accept
          it.
        </p>
      </header>
      <NewExport />
      <EarlierExports />
    </div>
  );
}
