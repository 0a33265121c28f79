// What fuzzing has found, kept so that it is looked at first (latin1, one character a byte). Each says what was wrong.

/** @type {{ found: string, text: string }[]} */
export const corpus = [
  {
    found: "white space in a chunk extension was taken, which node:http refuses",
    text: "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1;a= b\r\nx\r\n0\r\n\r\n",
  },
  {
    found: "the host of an absolute target was not looked at",
    text: "GET http://example\\.com/abs?x=1 HTTP/1.1\r\nhost: a\r\n\r\n",
  },
  {
    found: "a no-break space around an option of connection was taken for white space",
    text: "POST / HTTP/1.1\r\nhost: a\r\nconnection: \xa0Close\r\n\r\n",
  },
  {
    found: "a tab behind a length was white space, which node:http refuses",
    text: "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\t\r\n\r\n{}",
  },
  {
    found: "a tab behind close was white space; node:http reads another option and keeps the connection",
    text: "POST / HTTP/1.1\r\nhost: a\r\nconnection: Close\t\r\n\r\n",
  },
  {
    found: "a tab behind chunked was white space; node:http reads another coding",
    text: "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\t\r\n\r\n0\r\n\r\n",
  },
];
