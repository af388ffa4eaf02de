package dev.sluice.common.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file that was read for the workers, and how it looked before, so that a change is seen later.
 *
 * @param kind what it was read as
 * @param certificate of a key, or of an answer about a certificate: the file whose first
 *     certificate it belongs to; else null
 * @param passwordFile of a key that may be encrypted; else null
 * @param passwordKey the name of the key that names such a file; else null
 * @param mark inode, size and time of the last change of the files behind the paths
 */
record FileUnit(Kind kind, String path, String certificate, String passwordFile,
        String passwordKey, String mark) {

    enum Kind {
        CERTIFICATES,
        KEY,
        REVOCATIONS,
        TICKET_KEY,
        STAPLE
    }

    /** To be made before the file is read: a change meanwhile is then seen, too. */
    static FileUnit of(Kind kind, String path) {
        return new FileUnit(kind, path, null, null, null, mark(path));
    }

    static FileUnit ofStaple(String path, String certificate) {
        return new FileUnit(Kind.STAPLE, path, certificate, null, null, mark(path));
    }

    /** The path under which the content is handed down. */
    String subject() {
        return kind == Kind.STAPLE ? certificate : path;
    }

    static FileUnit ofKey(String path, String certificate, String passwordFile,
            String passwordKey) {
        return new FileUnit(Kind.KEY, path, certificate, passwordFile, passwordKey,
                keyMark(path, passwordFile));
    }

    private static String keyMark(String path, String passwordFile) {
        return passwordFile == null ? mark(path) : mark(path) + ' ' + mark(passwordFile);
    }

    /** The same, as it looks now. */
    FileUnit now() {
        return new FileUnit(kind, path, certificate, passwordFile, passwordKey,
                keyMark(path, passwordFile));
    }

    /** Links are followed: what is renamed into the place of one, or of its folder, is seen. */
    private static String mark(String path) {
        try {
            Map<String, Object> now = Files.readAttributes(Path.of(path), "unix:ino,size,ctime");
            return now.get("ino") + "/" + now.get("size") + "/" + now.get("ctime");
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }
}
