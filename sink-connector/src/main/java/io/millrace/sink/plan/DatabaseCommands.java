package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The commands that name databases in their arguments: MOVE, COPY … DB and SWAPDB; and FLUSHDB, which empties one. */
final class DatabaseCommands {

    private final Destination destination;
    private final DatabaseMap map;
    private final SeenDatabases seen;

    DatabaseCommands(Destination destination, DatabaseMap map, SeenDatabases seen) {
        this.destination = destination;
        this.map = map;
        this.seen = seen;
    }

    /** The destination's number for a database of the source. */
    int destination(int source) throws PlanRejection {
        int db = map.destination(source);
        if (destination.cluster() && db != 0) {
            throw new PlanRejection(
                    "SELECT",
                    "The change is of database " + source
                            + ", and a cluster has only database 0. Map the database with database.map=" + source
                            + ":0 if its keys do not collide with others, or use a destination that is no cluster.");
        }
        return db;
    }

    boolean spansDatabases(String name) {
        return name.equals("MOVE") || (name.equals("COPY") && !destination.cluster());
    }

    /**
     * The arguments with the destination's database numbers; null when the command has nothing to do there, because the
     * databases that it names are one.
     *
     * @param db the source's database that it is executed in
     */
    byte[][] rewrite(String name, int db, byte[][] args) throws PlanRejection {
        return switch (name) {
            case "MOVE" -> move(db, args);
            case "SWAPDB" -> swap(args);
            case "COPY" -> copy(db, args);
            case "FLUSHDB" -> flush(db, args);
            default -> args;
        };
    }

    private byte[][] move(int db, byte[][] args) throws PlanRejection {
        if (args.length < 2) {
            return args;
        }
        int target = number("MOVE", args, 1);
        if (map.destination(target) == map.destination(db)) {
            return null;
        }
        refuseOnCluster("MOVE");
        seen.add(target);
        return replaced(args, 1, target);
    }

    private byte[][] swap(byte[][] args) throws PlanRejection {
        if (args.length < 2) {
            return args;
        }
        int one = number("SWAPDB", args, 0);
        int other = number("SWAPDB", args, 1);
        if (map.destination(one) == map.destination(other)) {
            return null;
        }
        refuseOnCluster("SWAPDB");
        refuseShared("SWAPDB", one, other);
        refuseShared("SWAPDB", other, one);
        seen.add(one);
        seen.add(other);
        return replaced(replaced(args, 0, one), 1, other);
    }

    private byte[][] copy(int db, byte[][] args) throws PlanRejection {
        for (int i = 2; i + 1 < args.length; i++) {
            if (new String(args[i], StandardCharsets.ISO_8859_1).equalsIgnoreCase("DB")) {
                int target = number("COPY", args, i + 1);
                if (map.destination(target) == map.destination(db) && Arrays.equals(args[0], args[1])) {
                    return null;
                }
                if (map.destination(target) != 0) {
                    refuseOnCluster("COPY");
                }
                seen.add(target);
                return replaced(args, i + 1, target);
            }
        }
        return args;
    }

    private byte[][] flush(int db, byte[][] args) throws PlanRejection {
        refuseShared("FLUSHDB", db, db);
        return args;
    }

    private static int number(String name, byte[][] args, int position) throws PlanRejection {
        try {
            return Integer.parseInt(new String(args[position], StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            throw new PlanRejection(name, "Argument " + (position + 1) + " is not a database number.");
        }
    }

    private byte[][] replaced(byte[][] args, int position, int source) {
        int mapped = map.destination(source);
        if (mapped == source) {
            return args;
        }
        byte[][] copy = args.clone();
        copy[position] = ascii(mapped);
        return copy;
    }

    /** Where several databases are one, what is done to one of them as a whole would be done to the others. */
    private void refuseShared(String name, int db, int alsoMeant) throws PlanRejection {
        if (seen.hasOthers(map.destination(db), map, db, alsoMeant)) {
            throw new PlanRejection(
                    name,
                    "The command is for the whole of database " + db + ", and database " + map.destination(db)
                            + " of the destination has keys of other databases of the source as well (database.map). Give database "
                            + db
                            + " a database of its own at the destination, or make the change there by hand.");
        }
    }

    private void refuseOnCluster(String name) throws PlanRejection {
        if (destination.cluster()) {
            throw new PlanRejection(
                    name,
                    "The command works on several databases, and a cluster has only database 0. Use a destination that is no"
                            + " cluster, or filter the command.");
        }
    }
}
