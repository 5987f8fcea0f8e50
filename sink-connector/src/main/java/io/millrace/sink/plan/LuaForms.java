package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import io.millrace.sink.plan.ClientForm.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scripts that do at the destination what a command does that it does not know yet. Each leaves what the command would leave;
 * replies do not matter.
 */
final class LuaForms {

    private static final CommandName EVAL = CommandName.of("EVAL");

    /** KEYS: from, to. ARGV: the two commands. */
    static final byte[] MOVE_ELEMENT =
            ascii("local v=redis.call(ARGV[1],KEYS[1]) if v then redis.call(ARGV[2],KEYS[2],v) end");

    /**
     * KEYS: from, to. ARGV: database, or empty. PTTL and TIME read the clock one after the other, so they are read again until
     * no millisecond has passed between them.
     */
    static final byte[] COPY = ascii("local d=redis.call('DUMP',KEYS[1]) if not d then return end "
            + "local function now() local t=redis.call('TIME') return t[1]*1000+math.floor(t[2]/1000) end "
            + "local at=0 while true do local a=now() local left=redis.call('PTTL',KEYS[1]) "
            + "if left<0 then break end if a==now() then at=a+left break end end "
            + "if ARGV[1]~='' then redis.call('SELECT',ARGV[1]) end "
            + "redis.call('RESTORE',KEYS[2],string.format('%.0f',at),d,'REPLACE','ABSTTL')");

    /** KEYS: to, from. ARGV: a command that gives members and scores. */
    static final byte[] STORE_SCORED = ascii("local r=redis.call(unpack(ARGV)) redis.call('DEL',KEYS[1]) "
            + "for i=1,#r,2 do redis.call('ZADD',KEYS[1],r[i+1],r[i]) end");

    /** KEYS: to, from. ARGV: a command that gives members. */
    static final byte[] STORE_MEMBERS = ascii("local r=redis.call(unpack(ARGV)) local s={} "
            + "for i=1,#r do s[i]=redis.call('ZSCORE',KEYS[2],r[i]) end redis.call('DEL',KEYS[1]) "
            + "for i=1,#r do redis.call('ZADD',KEYS[1],s[i],r[i]) end");

    /** KEYS: to, from, others. A set counts as a sorted set with scores of 1. */
    static final byte[] STORE_DIFFERENCE =
            ascii("local function scored(k) if redis.call('TYPE',k).ok=='set' then local r={} "
                    + "for _,m in ipairs(redis.call('SMEMBERS',k)) do r[#r+1]=m r[#r+1]='1' end return r end "
                    + "return redis.call('ZRANGE',k,0,-1,'WITHSCORES') end "
                    + "local r=scored(KEYS[2]) local gone={} for i=3,#KEYS do local o=scored(KEYS[i]) "
                    + "for j=1,#o,2 do gone[o[j]]=true end end redis.call('DEL',KEYS[1]) "
                    + "for i=1,#r,2 do if not gone[r[i]] then redis.call('ZADD',KEYS[1],r[i+1],r[i]) end end");

    /** KEYS: key. ARGV: GT or LT, 1 for XX, 1 for INCR, then scores and members. */
    static final byte[] ADD_IF = ascii("local k=KEYS[1] for i=4,#ARGV,2 do local s,m=ARGV[i],ARGV[i+1] "
            + "local c=redis.call('ZSCORE',k,m) if not c then if ARGV[2]~='1' then redis.call('ZADD',k,s,m) end else "
            + "local n,o=tonumber(s),tonumber(c) if ARGV[3]=='1' then n=n+o end "
            + "if (ARGV[1]=='GT' and n>o) or (ARGV[1]=='LT' and n<o) then "
            + "if ARGV[3]=='1' then redis.call('ZINCRBY',k,s,m) else redis.call('ZADD',k,s,m) end end end end");

    /** KEYS: to, sources. ARGV: the operation. */
    static final byte[] COMBINE_BITS =
            ascii("local s={} local len=0 for i=2,#KEYS do local v=redis.call('GET',KEYS[i]) or '' "
                    + "s[i-1]=v if #v>len then len=#v end end local band,bor,bnot,bxor=bit.band,bit.bor,bit.bnot,bit.bxor "
                    + "local out={} for p=1,len do local x=string.byte(s[1],p) or 0 local any,one,two=0,x,0 "
                    + "for i=2,#s do local y=string.byte(s[i],p) or 0 any=bor(any,y) two=bor(two,band(one,y)) one=bor(one,y) end "
                    + "local v if ARGV[1]=='DIFF' then v=band(x,bnot(any)) elseif ARGV[1]=='DIFF1' then v=band(any,bnot(x)) "
                    + "elseif ARGV[1]=='ANDOR' then v=band(x,any) else v=band(one,bnot(two)) end "
                    + "out[p]=string.char(band(v,255)) end "
                    + "if len==0 then redis.call('DEL',KEYS[1]) else redis.call('SET',KEYS[1],table.concat(out)) end");

    /** KEYS: stream. ARGV: the greatest id that goes. */
    static final byte[] DELETE_UP_TO =
            ascii("while true do local r=redis.call('XRANGE',KEYS[1],'-',ARGV[1],'COUNT',500) if #r==0 then return end "
                    + "local d={} for i=1,#r do d[i]=r[i][1] end redis.call('XDEL',KEYS[1],unpack(d)) end");

    /** KEYS: stream. ARGV: group or empty, 1 where every group forgets the ids, then ids: deletes, after acknowledging. */
    static final byte[] DELETE_ENTRIES = ascii("local k=KEYS[1] for i=3,#ARGV do local id=ARGV[i] "
            + "if ARGV[1]=='' or redis.call('XACK',k,ARGV[1],id)==1 then redis.call('XDEL',k,id) "
            + "if ARGV[2]=='1' then for _,g in ipairs(redis.call('XINFO','GROUPS',k)) do redis.call('XACK',k,g[2],id) end "
            + "end end end");

    private LuaForms() {}

    static Step script(byte[] script, List<byte[]> keys, List<byte[]> args) {
        List<byte[]> all = new ArrayList<>(2 + keys.size() + args.size());
        all.add(script);
        all.add(ascii(keys.size()));
        all.addAll(keys);
        all.addAll(args);
        return new Step(EVAL, all.toArray(new byte[0][]));
    }

    static List<byte[]> some(byte[][] args, int from, int to) {
        return Arrays.asList(args).subList(from, to);
    }
}
