#!/bin/sh
# Brings Chromium and Chinese type for the browser tests where this user may install packages.
set -eu
if command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q .; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null
else
  echo "！！浏览器测试不会运行：没有 Chromium，也无权安装。请安装 chromium 与 fonts-noto-cjk 后再运行 make test。" >&2
fi
