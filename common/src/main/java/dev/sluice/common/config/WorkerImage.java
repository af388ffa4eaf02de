package dev.sluice.common.config;

import dev.sluice.common.image.ImageReader;
import dev.sluice.common.image.ImageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a master hands its workers: configurations as it has checked them, not texts to be read and
 * checked once more by each of them. Only a worker of the same build can read it. Immutable.
 *
 * @param config the operator's
 * @param warmUp what the worker serves to itself before anybody else
 */
public record WorkerImage(SluiceConfig config, SluiceConfig warmUp) {

    /** The folder beside an image with copies of its modules, each named by its digest. */
    public static final String MODULE_COPIES = "modules";

    /**
     * The image of a configuration in bytes.
     *
     * @param folder where the image will lie
     */
    public static byte[] of(SluiceConfig config, Path folder) {
        Path copies = folder.resolve(MODULE_COPIES);
        List<ModuleConfig> modules = config.modules().stream()
                .map(one -> one.with(one.jar().copiedTo(copies))).toList();
        return ImageWriter.write(new WorkerImage(new SluiceConfig(config.main(), config.events(),
                config.http(), config.logFormats(), config.limits(), config.caches(),
                config.upstreams(),
                config.servers(), config.streams(), config.admin(), config.mimeTypes(),
                config.derived(), modules), WarmUpConfig.of(config)));
    }

    /**
     * Reads the image in a file.
     *
     * @throws IOException it cannot be read, or is not of this build; the message names the file
     *     and the cure
     */
    public static WorkerImage read(Path file) throws IOException {
        byte[] image = Files.readAllBytes(file);
        try {
            return ImageReader.read(image, WorkerImage.class);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage()
                    + " (after a new package: sluice -s upgrade)", e);
        }
    }
}
