package dev.sluice.modules.geoip;

import com.maxmind.db.Reader;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Text;
import dev.sluice.module.Watched;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gives variables the place of the client, wherever a text asks for them. */
public final class GeoipModule implements SluiceModule {

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        List<Watched<Reader>> databases = new ArrayList<>();
        for (String file : context.settings().list("database")) {
            Path path = Path.of(file);
            if (!path.isAbsolute()) {
                throw new ModuleException("\"database\": \"" + file + "\" is no absolute path");
            }
            databases.add(context.watch(path, GeoipModule::read));
        }
        Text address = context.text(context.settings().text("address"));
        Places places = new Places(databases, context.log());
        for (Field field : Field.ALL) {
            context.variable(field.variable(), x -> places.of(x.text(address))[field.ordinal()]);
        }
        return (route, hooks) -> {
            // Variables are asked for by whoever names them.
        };
    }

    /** Maps a database into memory: another file in its place changes nothing in there. */
    private static Reader read(Path file) throws ModuleException {
        try {
            return new Reader(file.toFile(), Reader.FileMode.MEMORY_MAPPED);
        } catch (NoSuchFileException e) {
            throw new ModuleException("\"database\": \"" + file + "\" does not exist",
                    "it is yours to bring, in the form of MaxMind (.mmdb)");
        } catch (IOException | RuntimeException e) {
            // The second of a file that is nearly a database.
            throw new ModuleException("\"database\": \"" + file + "\" cannot be read: "
                    + e.getMessage());
        }
    }
}
