package dev.sluice.modules.geoip;

import com.maxmind.db.Reader;
import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Route;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Text;
import dev.sluice.modules.credentials.SideThread;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Gives variables the place of the client, wherever a text asks for them. */
public final class GeoipModule implements SluiceModule {

    private final InstantSource clock;

    public GeoipModule() {
        this(InstantSource.system());
    }

    /** @param clock tells when databases are looked at again */
    GeoipModule(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        SideThread side = new SideThread("geoip");
        List<Database> databases = new ArrayList<>();
        for (String file : context.settings().list("database")) {
            Path path = Path.of(file);
            if (!path.isAbsolute()) {
                throw new ModuleException("\"database\": \"" + file + "\" is no absolute path");
            }
            if (context.dryRun()) {
                check(path);
            }
            databases.add(new Database(path, clock));
        }
        Text address = context.text(context.settings().text("address"));
        Places places = new Places(databases, side, context.log(), clock);
        for (Field field : Field.ALL) {
            context.variable(field.variable(), x -> places.of(x.text(address))[field.ordinal()]);
        }
        return new Instance(side);
    }

    private static void check(Path file) throws ModuleException {
        try (Reader reader = Database.open(file)) {
            reader.getMetadata();
        } catch (NoSuchFileException e) {
            throw new ModuleException("\"database\": \"" + file + "\" does not exist",
                    "it is yours to bring, in the form of MaxMind (.mmdb)");
        } catch (IOException e) {
            throw new ModuleException("\"database\": \"" + file + "\" cannot be read: "
                    + e.getMessage());
        }
    }

    private record Instance(SideThread side) implements ModuleInstance {

        @Override
        public void install(Route route, Hooks hooks) {
            // Variables are asked for by whoever names them.
        }

        @Override
        public void close() {
            side.close();
        }
    }
}
