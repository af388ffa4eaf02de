package dev.sluice.worker.statics;

/**
 * What a list of a directory shows of one name.
 *
 * @param bytes the name as the file system has it
 * @param name the same as text; what is no UTF-8 is replaced
 * @param size bytes; of files
 * @param mtimeSeconds since 1970
 */
record DirectoryEntry(byte[] bytes, String name, Type type, long size, long mtimeSeconds)
        implements Comparable<DirectoryEntry> {

    /** In the order in which they are shown. */
    enum Type { DIRECTORY, FILE, OTHER }

    @Override
    public int compareTo(DirectoryEntry other) {
        boolean directory = type == Type.DIRECTORY;
        return directory == (other.type == Type.DIRECTORY) ? name.compareTo(other.name)
                : directory ? -1 : 1;
    }
}
