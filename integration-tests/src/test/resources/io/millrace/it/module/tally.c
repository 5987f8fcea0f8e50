/*
 * A module with one type of values, tally-mil, and one command, TALLY.ADD key n. It declares what it uses of the module API itself,
 * so that a C compiler is all that is needed.
 */
#include <stdint.h>
#include <stdlib.h>

typedef struct Context Context;
typedef struct String String;
typedef struct Key Key;
typedef struct Rdb Rdb;
typedef struct Type Type;

typedef struct {
    uint64_t version;
    void *(*load)(Rdb *, int);
    void (*save)(Rdb *, void *);
    void (*rewrite)(Rdb *, String *, void *);
    size_t (*memory)(const void *);
    void (*digest)(void *, void *);
    void (*release)(void *);
} Methods;

enum { OK = 0, ERROR = 1, READ_AND_WRITE = 3, API_VERSION = 1 };

static void (*SetModuleAttribs)(Context *, const char *, int, int);
static int (*CreateCommand)(Context *, const char *, int (*)(Context *, String **, int), const char *, int, int, int);
static Type *(*CreateDataType)(Context *, const char *, int, Methods *);
static Key *(*OpenKey)(Context *, String *, int);
static void (*CloseKey)(Key *);
static int (*ModuleTypeSetValue)(Key *, Type *, void *);
static void *(*ModuleTypeGetValue)(Key *);
static int (*StringToLongLong)(const String *, long long *);
static int (*ReplyWithLongLong)(Context *, long long);
static int (*ReplicateVerbatim)(Context *);
static void (*SaveSigned)(Rdb *, int64_t);
static int64_t (*LoadSigned)(Rdb *);
static void (*SaveDouble)(Rdb *, double);
static double (*LoadDouble)(Rdb *);

static Type *type;

static void *load(Rdb *rdb, int version) {
    int64_t *tally = malloc(sizeof *tally);
    (void)version;
    *tally = LoadSigned(rdb);
    LoadDouble(rdb);
    return tally;
}

static void save(Rdb *rdb, void *tally) {
    SaveSigned(rdb, *(int64_t *)tally);
    SaveDouble(rdb, *(int64_t *)tally / 3.0);
}

static int add(Context *context, String **argv, int argc) {
    long long by;
    long long sum;
    if (argc != 3 || StringToLongLong(argv[2], &by) != OK) {
        return ERROR;
    }
    Key *key = OpenKey(context, argv[1], READ_AND_WRITE);
    int64_t *tally = ModuleTypeGetValue(key);
    if (tally == NULL) {
        tally = calloc(1, sizeof *tally);
        ModuleTypeSetValue(key, type, tally);
    }
    sum = *tally += by;
    CloseKey(key);
    ReplicateVerbatim(context);
    return ReplyWithLongLong(context, sum);
}

#define GET(name) get("RedisModule_" #name, (void *)&name)

int RedisModule_OnLoad(Context *context, String **argv, int argc) {
    int (*get)(const char *, void *) = *(int (**)(const char *, void *))context;
    Methods methods = {.version = 1, .load = load, .save = save, .release = free};
    (void)argv;
    (void)argc;
    GET(SetModuleAttribs);
    GET(CreateCommand);
    GET(CreateDataType);
    GET(OpenKey);
    GET(CloseKey);
    GET(ModuleTypeSetValue);
    GET(ModuleTypeGetValue);
    GET(StringToLongLong);
    GET(ReplyWithLongLong);
    GET(ReplicateVerbatim);
    GET(SaveSigned);
    GET(LoadSigned);
    GET(SaveDouble);
    GET(LoadDouble);
    SetModuleAttribs(context, "tally", 1, API_VERSION);
    type = CreateDataType(context, "tally-mil", 0, &methods);
    return type == NULL ? ERROR : CreateCommand(context, "tally.add", add, "write", 1, 1, 1);
}
