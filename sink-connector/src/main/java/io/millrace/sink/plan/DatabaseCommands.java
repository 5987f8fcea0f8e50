package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import java.nio.charset.StandardCharsets;

/** The commands that name databases in their arguments: MOVE, COPY … DB and SWAPDB. */
final class DatabaseCommands {

    private final Destination destination;
    private final DatabaseMap map;

    DatabaseCommands(Destination destination, DatabaseMap map) {
        this.destination = destination;
        this.map = map;
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

    /** The arguments with the destination's database numbers. */
    byte[][] rewrite(String name, byte[][] args) throws PlanRejection {
        return switch (name) {
            case "MOVE" -> {
                refuseOnCluster(name);
                yield args.length < 2 ? args : replaced(name, args, 1);
            }
            case "SWAPDB" -> {
                refuseOnCluster(name);
                yield args.length < 2 ? args : replaced(name, replaced(name, args, 0), 1);
            }
            case "COPY" -> copy(args);
            default -> args;
        };
    }

    private byte[][] copy(byte[][] args) throws PlanRejection {
        for (int i = 2; i + 1 < args.length; i++) {
            if (new String(args[i], StandardCharsets.ISO_8859_1).equalsIgnoreCase("DB")) {
                byte[][] mapped = replaced("COPY", args, i + 1);
                if (destination.cluster() && !new String(mapped[i + 1], StandardCharsets.ISO_8859_1).equals("0")) {
                    refuseOnCluster("COPY");
                }
                return mapped;
            }
        }
        return args;
    }

    private byte[][] replaced(String name, byte[][] args, int position) throws PlanRejection {
        int source;
        try {
            source = Integer.parseInt(new String(args[position], StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            throw new PlanRejection(name, "Argument " + (position + 1) + " is not a database number.");
        }
        int mapped = map.destination(source);
        if (mapped == source) {
            return args;
        }
        byte[][] copy = args.clone();
        copy[position] = ascii(mapped);
        return copy;
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
