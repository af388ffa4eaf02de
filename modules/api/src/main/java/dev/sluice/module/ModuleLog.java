package dev.sluice.module;

/**
 * Lines for the error log. Any thread may call it; it neither waits nor throws. Control characters
 * are escaped, so a text from outside cannot forge a line. No secret belongs here.
 */
public interface ModuleLog {

    void info(String line);

    void warn(String line);

    void error(String line);
}
