/*
 * A filter in C on libmilter that takes the callbacks vanthu takes and does nothing: the floor of the protocol.
 *
 *     cc -O2 -o noop noop.c -lmilter -lpthread && ./noop unix:/path
 *
 * It answers every event: no-reply flags are not negotiated, as in most filters written in C.
 */
#include <libmilter/mfapi.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
    (void) ctx; (void) host; (void) address;
    return SMFIS_CONTINUE;
}

static sfsistat on_address(SMFICTX *ctx, char **arguments)
{
    (void) ctx; (void) arguments;
    return SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
    (void) ctx; (void) name; (void) value;
    return SMFIS_CONTINUE;
}

static sfsistat on_end(SMFICTX *ctx)
{
    (void) ctx;
    return SMFIS_CONTINUE;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *chunk, size_t size)
{
    (void) ctx; (void) chunk; (void) size;
    return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
    struct smfiDesc filter;

    if (argc != 2)
        return EX_USAGE;
    memset(&filter, 0, sizeof filter);
    filter.xxfi_name = "noop";
    filter.xxfi_version = SMFI_VERSION;
    filter.xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS;
    filter.xxfi_connect = on_connect;
    filter.xxfi_envfrom = on_address;
    filter.xxfi_envrcpt = on_address;
    filter.xxfi_header = on_header;
    filter.xxfi_body = on_body;
    filter.xxfi_eom = on_end;
    if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS)
        return EX_UNAVAILABLE;
    return smfi_main() == MI_SUCCESS ? EX_OK : EX_SOFTWARE;
}
