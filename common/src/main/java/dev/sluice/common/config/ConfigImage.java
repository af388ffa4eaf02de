package dev.sluice.common.config;

import dev.sluice.common.image.ImageReader;
import dev.sluice.common.image.ImageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration as its master hands it to workers: what was checked, not a text to be read and
 * checked once more by each of them. Only a worker of the same build can read it.
 */
public final class ConfigImage {

    /** The folder beside an image with copies of its modules, each named by its digest. */
    public static final String MODULE_COPIES = "modules";

    private ConfigImage() {
    }

    /** @param folder where the image will lie */
    public static byte[] of(SluiceConfig config, Path folder) {
        Path copies = folder.resolve(MODULE_COPIES);
        List<ModuleConfig> modules = config.modules().stream()
                .map(one -> one.with(one.jar().copiedTo(copies))).toList();
        return ImageWriter.write(new SluiceConfig(config.main(), config.events(), config.http(),
                config.logFormats(), config.limits(), config.upstreams(), config.servers(),
                config.streams(), config.admin(), config.mimeTypes(), config.derived(), modules));
    }

    /**
     * Reads the image in a file.
     *
     * @throws IOException it cannot be read, or is not of this build; the message says which
     */
    public static SluiceConfig read(Path file) throws IOException {
        return ImageReader.read(Files.readAllBytes(file), SluiceConfig.class);
    }
}
