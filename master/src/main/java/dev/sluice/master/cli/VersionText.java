package dev.sluice.master.cli;

import dev.sluice.common.config.ModuleJar;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What is inside. Loads none of it: versions come from manifests and properties of the jars. */
final class VersionText {

    private static final String NETTY = "/META-INF/io.netty.versions.properties";

    private VersionText() {}

    static String sluice() {
        String version = VersionText.class.getPackage().getImplementationVersion();
        return "sluice/" + (version == null ? "development" : version);
    }

    static String all() {
        return sluice()
                + "\nJava " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
                + "\nNetty " + netty()
                + "\nmodule API " + ModuleJar.API
                + "\n" + System.getProperty("os.name") + " " + System.getProperty("os.version")
                + " " + System.getProperty("os.arch");
    }

    private static String netty() {
        try (InputStream in = VersionText.class.getResourceAsStream(NETTY)) {
            Properties versions = new Properties();
            if (in != null) {
                versions.load(in);
            }
            for (String name : versions.stringPropertyNames()) {
                if (name.endsWith(".version")) {
                    return versions.getProperty(name);
                }
            }
        } catch (IOException unreadable) {
            // Said as unknown below.
        }
        return "unknown";
    }
}
